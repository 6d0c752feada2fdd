-- A database as version 6 of the schema made it: three customers, of whom one was deleted, what belongs to them, a ticket that
-- went from one to another and one that was deleted. Left out are its views, what it knows of
-- the declared columns as a whole, and those that no row here has.
BEGIN TRANSACTION;
CREATE TABLE attempt (
	name TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	next_at BIGINT NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE attribute (
	declared SMALLINT NOT NULL, 
	value TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	PRIMARY KEY (declared, value, "row")
)
 WITHOUT ROWID

;
INSERT INTO "attribute" VALUES(40,'Maria Lopez',2);
INSERT INTO "attribute" VALUES(40,'王小明',1);
INSERT INTO "attribute" VALUES(41,'active',1);
INSERT INTO "attribute" VALUES(41,'active',2);
INSERT INTO "attribute" VALUES(45,'10000000931',1);
INSERT INTO "attribute" VALUES(84,'A',5);
INSERT INTO "attribute" VALUES(88,'C1',5);
INSERT INTO "attribute" VALUES(178,'C1',4);
INSERT INTO "attribute" VALUES(272,'C2',6);
CREATE TABLE audit (
	number INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	author TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	act TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	revision BIGINT NOT NULL, 
	chain TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "audit" VALUES(1,1795867779073,'program','program','load','',7,'50e8429fd2a001f20c590cf6914dbf8ae00b06199cac6882ef58574261d3f621');
INSERT INTO "audit" VALUES(2,1795867779094,'program','program','load','',8,'1b1fe386daf1ec2638d1a03c5d4369ccdc666a8b4f229150006fc013c4020783');
INSERT INTO "audit" VALUES(3,1795867779099,'program','program','load','',9,'0f114cd8d652e63eaa78be46f14c7d87e4514e89984f38d0bce5db945ce43a33');
INSERT INTO "audit" VALUES(4,1795867779103,'program','program','load','',10,'5fefa7db0807c69e3f91c0565d5417144cf8bb5d79951649e32965965b59b3b7');
CREATE TABLE belongs (
	owner TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	PRIMARY KEY (owner, "row")
)
 WITHOUT ROWID

;
INSERT INTO "belongs" VALUES('customer/C1',1);
INSERT INTO "belongs" VALUES('customer/C2',2);
INSERT INTO "belongs" VALUES('customer/C1',4);
INSERT INTO "belongs" VALUES('customer/C1',5);
INSERT INTO "belongs" VALUES('customer/C2',6);
CREATE TABLE checksum (
	territory TEXT NOT NULL, 
	collection TEXT NOT NULL, 
	records BIGINT NOT NULL, 
	total BIGINT NOT NULL, 
	PRIMARY KEY (territory, collection)
);
INSERT INTO "checksum" VALUES('|binjiang|','customer',1,3661841460132302145);
INSERT INTO "checksum" VALUES('|xihu|','customer',1,-8894252506887402743);
INSERT INTO "checksum" VALUES('|binjiang|','service',1,6208901967133507071);
INSERT INTO "checksum" VALUES('|binjiang|','billingAccount',1,-9197417859669984523);
INSERT INTO "checksum" VALUES('|binjiang|','troubleTicket',0,0);
INSERT INTO "checksum" VALUES('|xihu|','troubleTicket',1,2011020485091888711);
CREATE TABLE command (
	device TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	sequence BIGINT, 
	status INTEGER NOT NULL, 
	collection TEXT NOT NULL, 
	id TEXT NOT NULL, 
	revision BIGINT NOT NULL, 
	answer TEXT, 
	PRIMARY KEY (device, "key")
);
CREATE TABLE declared (
	number INTEGER NOT NULL, 
	collection TEXT NOT NULL, 
	path TEXT NOT NULL, 
	PRIMARY KEY (number), 
	CONSTRAINT declared_by_path UNIQUE (collection, path)
);
INSERT INTO "declared" VALUES(40,'customer','name');
INSERT INTO "declared" VALUES(41,'customer','status');
INSERT INTO "declared" VALUES(45,'customer','contactMedium.characteristic.phoneNumber');
INSERT INTO "declared" VALUES(84,'billingAccount','name');
INSERT INTO "declared" VALUES(88,'billingAccount','relatedParty.id');
INSERT INTO "declared" VALUES(178,'service','relatedParty.id');
INSERT INTO "declared" VALUES(272,'troubleTicket','relatedParty.id');
CREATE TABLE departure (
	revision BIGINT NOT NULL, 
	"row" INTEGER NOT NULL, 
	territory TEXT NOT NULL, 
	PRIMARY KEY (revision)
);
INSERT INTO "departure" VALUES(8,6,'|binjiang|customer/C1|');
INSERT INTO "departure" VALUES(9,7,'|customer/C3%7C%25|');
INSERT INTO "departure" VALUES(10,3,'|customer/C3%7C%25|');
CREATE TABLE desk (
	name TEXT NOT NULL, 
	device TEXT, 
	secret TEXT, 
	code TEXT, 
	code_expires BIGINT, 
	enrolled BIGINT, 
	revoked BIGINT, 
	wipe_ordered BIGINT, 
	wipe_told BIGINT, 
	wiped BIGINT, 
	PRIMARY KEY (name), 
	UNIQUE (device)
);
CREATE TABLE device (
	id TEXT NOT NULL, 
	acknowledged BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE document (
	"row" INTEGER NOT NULL, 
	collection TEXT NOT NULL, 
	id TEXT NOT NULL, 
	revision BIGINT NOT NULL, 
	territory TEXT NOT NULL, 
	body TEXT, 
	deleted BOOLEAN NOT NULL, 
	PRIMARY KEY ("row"), 
	CONSTRAINT document_by_id UNIQUE (collection, id), 
	UNIQUE (revision)
);
INSERT INTO "document" VALUES(1,'customer','C1',1,'|binjiang|','{"name":"王小明","status":"active","characteristic":[{"name":"territory","value":"binjiang"}],"contactMedium":[{"mediumType":"phone","characteristic":{"phoneNumber":"13900000001"}}],"id":"C1","href":"/tmf-api/customerManagement/v4/customer/C1"}',0);
INSERT INTO "document" VALUES(2,'customer','C2',2,'|xihu|','{"name":"Maria Lopez","status":"active","characteristic":[{"name":"territory","value":"xihu"}],"id":"C2","href":"/tmf-api/customerManagement/v4/customer/C2"}',0);
INSERT INTO "document" VALUES(3,'customer','C3|%',10,'|xihu|',NULL,1);
INSERT INTO "document" VALUES(4,'service','S1',4,'|binjiang|','{"relatedParty":[{"id":"C1","role":"customer"}],"serviceCharacteristic":[{"name":"number","value":"0571-88880001"}],"id":"S1","href":"/tmf-api/serviceInventory/v4/service/S1"}',0);
INSERT INTO "document" VALUES(5,'billingAccount','A1',5,'|binjiang|','{"relatedParty":[{"id":"C1","role":"customer"}],"name":"A","id":"A1","href":"/tmf-api/accountManagement/v4/billingAccount/A1"}',0);
INSERT INTO "document" VALUES(6,'troubleTicket','T1',8,'|xihu|','{"id":"T1","relatedParty":[{"id":"C2","role":"customer"}],"description":"d"}',0);
INSERT INTO "document" VALUES(7,'troubleTicket','T2',9,'|xihu|',NULL,1);
CREATE TABLE event (
	revision BIGINT NOT NULL, 
	api TEXT NOT NULL, 
	collection TEXT NOT NULL, 
	id TEXT NOT NULL, 
	kinds TEXT NOT NULL, 
	body TEXT NOT NULL, 
	territory TEXT NOT NULL, 
	owners TEXT NOT NULL, 
	at TEXT NOT NULL, 
	epoch TEXT, 
	PRIMARY KEY (revision)
);
CREATE TABLE lease (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	number BIGINT NOT NULL, 
	epoch TEXT NOT NULL, 
	asked INTEGER NOT NULL, 
	block TEXT NOT NULL, 
	signature TEXT NOT NULL, 
	issued TEXT NOT NULL, 
	expires BIGINT NOT NULL, 
	last BIGINT NOT NULL, 
	ended TEXT, 
	reported TEXT, 
	PRIMARY KEY (id)
);
CREATE TABLE lease_item (
	kind TEXT NOT NULL, 
	item TEXT NOT NULL, 
	lease TEXT NOT NULL, 
	spent TEXT, 
	PRIMARY KEY (kind, item), 
	FOREIGN KEY(lease) REFERENCES lease (id)
);
CREATE TABLE meta (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('schema_version','6');
INSERT INTO "meta" VALUES('epoch','185044262c53');
INSERT INTO "meta" VALUES('office','25c50e05418797acbc706a51502c2e75');
INSERT INTO "meta" VALUES('seal','cd78975393cd14c7794d120ee6a376c9');
INSERT INTO "meta" VALUES('leaseKey','62aa7e8460147c688eb97e2d5d1783a71d3f7e8d195bfbdd0606e4a337e549dd');
CREATE TABLE party_merge (
	id TEXT NOT NULL, 
	collection TEXT NOT NULL, 
	keep TEXT NOT NULL, 
	merged TEXT NOT NULL, 
	staff TEXT NOT NULL, 
	at TEXT NOT NULL, 
	undone TEXT, 
	territory TEXT NOT NULL, 
	marks TEXT NOT NULL, 
	documents INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE party_turn (
	merge TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	turns TEXT NOT NULL, 
	PRIMARY KEY (merge, "row"), 
	FOREIGN KEY(merge) REFERENCES party_merge (id)
);
CREATE TABLE sequence (
	id INTEGER NOT NULL, 
	value BIGINT NOT NULL, 
	heard TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "sequence" VALUES(1,10,'');
CREATE TABLE staff (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	role TEXT NOT NULL, 
	password TEXT, 
	territories TEXT, 
	party TEXT DEFAULT '' NOT NULL, 
	department TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE subscription (
	id TEXT NOT NULL, 
	api TEXT NOT NULL, 
	callback TEXT NOT NULL, 
	"query" TEXT NOT NULL, 
	staff TEXT NOT NULL, 
	role TEXT NOT NULL, 
	territories TEXT, 
	party TEXT NOT NULL, 
	token TEXT DEFAULT '' NOT NULL, 
	position BIGINT NOT NULL, 
	gap TEXT, 
	PRIMARY KEY (id)
);
CREATE TABLE token (
	hash TEXT NOT NULL, 
	staff TEXT NOT NULL, 
	device TEXT, 
	expires BIGINT NOT NULL, 
	PRIMARY KEY (hash), 
	FOREIGN KEY(staff) REFERENCES staff (id) ON DELETE CASCADE
);
CREATE INDEX belongs_by_row ON belongs ("row");
CREATE INDEX command_by_document ON command (collection, id);
CREATE INDEX command_by_sequence ON command (device, sequence);
CREATE INDEX lease_by_holder ON lease (holder);
CREATE INDEX attempt_by_time ON attempt (next_at);
CREATE INDEX event_by_age ON event (at);
CREATE INDEX event_by_api ON event (api, revision);
CREATE INDEX lease_item_by_lease ON lease_item (lease);
COMMIT;
