<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>ComplaintPage</name>
    <message>
        <source>Category</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>情况说明</translation>
    </message>
    <message>
        <source>Call back</source>
        <translation>回电</translation>
    </message>
    <message>
        <source>Who asks, and where to reach them</source>
        <translation>来访者及联系方式</translation>
    </message>
    <message>
        <source>In the customer&apos;s words</source>
        <translation>按客户原话填写</translation>
    </message>
    <message>
        <source>Park at the hall</source>
        <translation>寄存到厅内</translation>
    </message>
    <message>
        <source>F12 finish · Esc back</source>
        <translation>F12 结束 · Esc 返回</translation>
    </message>
    <message>
        <source>Nothing unfinished stands here that could be parked.</source>
        <translation>这里没有可寄存的未完成内容。</translation>
    </message>
    <message>
        <source>none of these: the account, a visit, a person</source>
        <translation>都不是：账户、上门、人员</translation>
    </message>
    <message>
        <source>none of these</source>
        <translation>都不是</translation>
    </message>
    <message>
        <source>Service: {name}</source>
        <translation>业务：{name}</translation>
    </message>
    <message>
        <source>Which service?</source>
        <translation>哪项业务？</translation>
    </message>
    <message>
        <source>Alt+1 chooses another</source>
        <translation>Alt+1 另选</translation>
    </message>
    <message>
        <source>Known already</source>
        <translation>已知情况</translation>
    </message>
</context>
<context>
    <name>CustomerPage</name>
    <message>
        <source>This desk holds no customer {id}. Nothing was changed. Go back (Esc).</source>
        <translation>本机没有客户 {id}。未作任何更改。按 Esc 返回。</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>读取中…</translation>
    </message>
    <message>
        <source>Nothing to show.</source>
        <translation>没有可显示的内容。</translation>
    </message>
    <message>
        <source>Fetching {name} ({territory}) from head office… Known here: {numbers}. Esc goes back.</source>
        <translation>正在从总部取得{name}（{territory}）的资料…… 本机已知：{numbers}。按 Esc 返回。</translation>
    </message>
    <message>
        <source>{name} ({territory}) is not at this desk. Known here: {numbers}. F5 asks again, Esc goes back.</source>
        <translation>{name}（{territory}）的资料不在本机。本机已知：{numbers}。按 F5 再次查询，按 Esc 返回。</translation>
    </message>
    <message>
        <source>No service is held.</source>
        <translation>没有业务。</translation>
    </message>
    <message>
        <source>No account is recorded.</source>
        <translation>没有账户记录。</translation>
    </message>
    <message>
        <source>No complaint yet. F7 takes one.</source>
        <translation>还没有投诉。按 F7 受理。</translation>
    </message>
    <message>
        <source>No product is recorded.</source>
        <translation>没有产品记录。</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概况</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>业务</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Tickets</source>
        <translation>工单</translation>
    </message>
    <message>
        <source>Products and terms</source>
        <translation>产品与合约</translation>
    </message>
    <message>
        <source>{numbers} and {count} more</source>
        <translation>{numbers} 等，另有 {count} 个</translation>
    </message>
</context>
<context>
    <name>Details</name>
    <message>
        <source>Severity</source>
        <translation>严重程度</translation>
    </message>
    <message>
        <source>Received by</source>
        <translation>受理渠道</translation>
    </message>
    <message>
        <source>Answer due</source>
        <translation>答复期限</translation>
    </message>
    <message>
        <source>Say</source>
        <translation>话术</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>受理时间</translation>
    </message>
    <message>
        <source>We promise</source>
        <translation>承诺期限</translation>
    </message>
    <message>
        <source>Regulator</source>
        <translation>监管期限</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>No outage is known here.</source>
        <translation>未发现相关故障。</translation>
    </message>
</context>
<context>
    <name>Entrance</name>
    <message>
        <source>{reason} Try again: F5.</source>
        <translation>{reason} 按 F5 重试。</translation>
    </message>
    <message>
        <source>{reason} The desk is locked. What could not be kept is there again when you sign in here, as long as the program runs.</source>
        <translation>{reason} 台席已锁定。未能保存的内容，只要程序不关闭，您在本台重新登录后仍在。</translation>
    </message>
</context>
<context>
    <name>FilterList</name>
    <message>
        <source>Nothing fits. Clear the field to see all.</source>
        <translation>没有符合的项。清空输入框可查看全部。</translation>
    </message>
</context>
<context>
    <name>Finder</name>
    <message>
        <source>Ticket {number} belongs to no customer of this desk.</source>
        <translation>工单 {number} 不属于本机的任何客户。</translation>
    </message>
</context>
<context>
    <name>Frame</name>
    <message>
        <source>Something went wrong in the program; what you saved is safe. Go on, and tell IT: {number}.</source>
        <translation>程序出错，已保存的内容不受影响。请继续工作，并把编号 {number} 告诉技术支持。</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>首页</translation>
    </message>
    <message>
        <source>{count} waiting</source>
        <translation>{count} 条待发</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>待您处理</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新客户</translation>
    </message>
    <message>
        <source>new {time}</source>
        <translation>新建 {time}</translation>
    </message>
</context>
<context>
    <name>HomePage</name>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>find a customer, or do something</source>
        <translation>查找客户或执行操作</translation>
    </message>
    <message>
        <source>what needs your decision</source>
        <translation>需要您决定的事项</translation>
    </message>
    <message>
        <source>all keys of a page</source>
        <translation>本页全部按键</translation>
    </message>
    <message>
        <source>Due at this desk</source>
        <translation>本台待办</translation>
    </message>
    <message>
        <source>this desk</source>
        <translation>本台</translation>
    </message>
    <message>
        <source>Nothing is due. Type a name, a number or a ticket into the box (F2).</source>
        <translation>没有待办。请在搜索框（F2）输入姓名、号码或工单号。</translation>
    </message>
    <message>
        <source>Del discards it</source>
        <translation>Del 放弃</translation>
    </message>
    <message>
        <source>Only what is unfinished at this desk is parked.</source>
        <translation>只能寄存本台未完成的内容。</translation>
    </message>
    <message>
        <source>unfinished</source>
        <translation>未完成</translation>
    </message>
    <message>
        <source>at the hall</source>
        <translation>厅内寄存</translation>
    </message>
    <message>
        <source>Enter takes it up again · Del discards it</source>
        <translation>回车继续办理 · Del 放弃</translation>
    </message>
    <message>
        <source>Park at the hall</source>
        <translation>寄存到厅内</translation>
    </message>
</context>
<context>
    <name>KeySheet</name>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Keys of this page</source>
        <translation>本页按键</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>None so far.</source>
        <translation>暂无。</translation>
    </message>
</context>
<context>
    <name>Navigator</name>
    <message>
        <source>Nine customers are open, each with something unsaved. Finish one (F12) first.</source>
        <translation>已打开九位客户，且都有未保存的内容。请先结束一位（F12）。</translation>
    </message>
</context>
<context>
    <name>NeedsYouPage</name>
    <message>
        <source>What it is about</source>
        <translation>事项内容</translation>
    </message>
    <message>
        <source>Both versions</source>
        <translation>两个版本</translation>
    </message>
    <message>
        <source>head office</source>
        <translation>总部</translation>
    </message>
    <message>
        <source>What now?</source>
        <translation>如何处理？</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>待您处理</translation>
    </message>
    <message>
        <source>this desk</source>
        <translation>本台</translation>
    </message>
    <message>
        <source>Nothing needs you. What head office refuses or loses comes here.</source>
        <translation>没有需要您处理的事项。被总部拒绝或丢失的会出现在这里。</translation>
    </message>
    <message>
        <source>recommended</source>
        <translation>推荐</translation>
    </message>
</context>
<context>
    <name>Panel</name>
    <message>
        <source>may be old</source>
        <translation>可能已过时</translation>
    </message>
</context>
<context>
    <name>Patience</name>
    <message>
        <source>This takes long. What you typed waits for it. Stop waiting: Esc.</source>
        <translation>时间较长。您的输入已保留，等打开后生效。不再等待：Esc。</translation>
    </message>
    <message>
        <source>Stopped waiting. What you saved is safe; keys typed meanwhile were not used.</source>
        <translation>已停止等待。已保存的内容不受影响；期间的按键未生效。</translation>
    </message>
</context>
<context>
    <name>PinStrip</name>
    <message>
        <source>Choose a desk PIN (at least {digits} digits) to sign in when the line is cut.</source>
        <translation>请设置本机密码（至少 {digits} 位数字），断线时用它登录。</translation>
    </message>
    <message>
        <source>Desk PIN</source>
        <translation>本机密码</translation>
    </message>
    <message>
        <source>Once more</source>
        <translation>再输一次</translation>
    </message>
    <message>
        <source>Set the PIN and go on</source>
        <translation>设置并继续</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
</context>
<context>
    <name>Results</name>
    <message>
        <source>Found</source>
        <translation>查找结果</translation>
    </message>
    <message>
        <source>More than {count} fit; these are the first. Type more to narrow.</source>
        <translation>符合的超过 {count} 条，只列出前面的。请多输入几个字。</translation>
    </message>
    <message>
        <source>Not found so far: this branch&apos;s data is still being copied.</source>
        <translation>暂未找到：本网点数据仍在复制中。</translation>
    </message>
    <message>
        <source>Not in this branch&apos;s data, as of {time}.</source>
        <translation>本网点数据中没有（截至 {time}）。</translation>
    </message>
    <message>
        <source>Not in this branch&apos;s data.</source>
        <translation>本网点数据中没有。</translation>
    </message>
</context>
<context>
    <name>ShellWindow</name>
    <message>
        <source>Trunkline</source>
        <translation>Trunkline</translation>
    </message>
    <message>
        <source>F2   number · name · ticket … or what you want to do</source>
        <translation>F2   号码 · 姓名 · 工单 … 或要做的事</translation>
    </message>
    <message>
        <source>Find or do</source>
        <translation>查找或执行</translation>
    </message>
</context>
<context>
    <name>Side</name>
    <message>
        <source>What matters</source>
        <translation>要点</translation>
    </message>
    <message>
        <source>Nothing out of the ordinary.</source>
        <translation>一切正常。</translation>
    </message>
    <message>
        <source>Ticket in words</source>
        <translation>工单说明</translation>
    </message>
    <message>
        <source>Pick a ticket (Alt+5).</source>
        <translation>请选择工单（Alt+5）。</translation>
    </message>
    <message>
        <source>Outages</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>None touches this customer.</source>
        <translation>没有影响该客户的故障。</translation>
    </message>
</context>
<context>
    <name>SignInPage</name>
    <message>
        <source>Trunkline</source>
        <translation>Trunkline</translation>
    </message>
    <message>
        <source>Head office: {address}</source>
        <translation>总部：{address}</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Desk PIN</source>
        <translation>本机密码</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>登录中…</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>desk {name}</source>
        <translation>{name} 号台</translation>
    </message>
    <message>
        <source>Demonstration data · key from script/run</source>
        <translation>演示数据 · 密钥来自 script/run</translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>Passphrase</source>
        <translation>口令</translation>
    </message>
    <message>
        <source>Once more</source>
        <translation>再输一次</translation>
    </message>
    <message>
        <source>Opening the desk…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>Open the desk</source>
        <translation>打开工作台</translation>
    </message>
    <message>
        <source>Choose a passphrase for this desk</source>
        <translation>为本机设置口令</translation>
    </message>
    <message>
        <source>Passphrase of this desk</source>
        <translation>本机口令</translation>
    </message>
    <message>
        <source>The key to this desk&apos;s data is missing</source>
        <translation>本机数据的密钥丢失</translation>
    </message>
    <message>
        <source>This computer has no keyring, so a passphrase protects the customers&apos; data kept here. It needs at least {least} characters; four words that do not belong together are good. You type it when the program starts. Nobody can look it up: if it is lost, what was not yet sent to head office cannot be read any more.</source>
        <translation>这台电脑没有密钥环，因此用口令保护存放在此的客户数据。口令至少 {least} 个字符，四个互不相关的词就很好。每次启动程序时输入。任何人都无法查到它：一旦遗失，尚未发往总部的内容将无法再读取。</translation>
    </message>
    <message>
        <source>The customers&apos; data on this computer is protected. Type its passphrase.</source>
        <translation>这台电脑上的客户数据已受保护。请输入口令。</translation>
    </message>
    <message>
        <source>The data on this computer is safe and nothing was deleted, but the key that opens it is not in the computer&apos;s keyring any more. What head office has confirmed is safe there too. Call IT and ask them to bring back the keyring of this user. Do not reinstall and do not delete files: what was not sent yet can only be read with the old key.</source>
        <translation>这台电脑上的数据完好，没有任何内容被删除，但打开它的密钥已不在密钥环中。总部已确认的内容在总部也安全。请联系技术支持恢复此用户的密钥环。请勿重装，也不要删除文件：尚未发送的内容只能用原来的密钥读取。</translation>
    </message>
</context>
<context>
    <name>acts</name>
    <message>
        <source>Complaint: {what}</source>
        <translation>投诉：{what}</translation>
    </message>
    <message>
        <source>Asked again: {what}</source>
        <translation>再次询问：{what}</translation>
    </message>
    <message>
        <source>Counted in on outage: {what}</source>
        <translation>计入故障：{what}</translation>
    </message>
    <message>
        <source>safe here, goes on once {name} signs in again</source>
        <translation>已存在本机，待 {name} 重新登录后继续</translation>
    </message>
</context>
<context>
    <name>ages</name>
    <message>
        <source>now</source>
        <translation>刚刚</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} 分钟</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours} 小时</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <translation>yyyy年M月d日</translation>
    </message>
</context>
<context>
    <name>box</name>
    <message>
        <source>Complaint without account</source>
        <translation>无账户投诉</translation>
    </message>
    <message>
        <source>Complaint</source>
        <translation>投诉</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>待您处理</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>首页</translation>
    </message>
    <message>
        <source>Dark colours</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light colours</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Lock, sign out</source>
        <translation>锁定并退出登录</translation>
    </message>
    <message>
        <source>{name} · not at this desk · opens from head office</source>
        <translation>{name} · 不在本机 · 从总部打开</translation>
    </message>
</context>
<context>
    <name>certainty</name>
    <message>
        <source>waiting</source>
        <translation>待发</translation>
    </message>
    <message>
        <source>sending</source>
        <translation>发送中</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>结果待查</translation>
    </message>
</context>
<context>
    <name>channels</name>
    <message>
        <source>counter</source>
        <translation>柜台</translation>
    </message>
    <message>
        <source>phone</source>
        <translation>电话</translation>
    </message>
    <message>
        <source>letter</source>
        <translation>信函</translation>
    </message>
    <message>
        <source>online</source>
        <translation>网上</translation>
    </message>
</context>
<context>
    <name>complaint</name>
    <message>
        <source>Next: choose what it is about</source>
        <translation>下一步：选择类别</translation>
    </message>
    <message>
        <source>Next: describe what happened</source>
        <translation>下一步：填写情况</translation>
    </message>
    <message>
        <source>Save complaint</source>
        <translation>保存投诉</translation>
    </message>
    <message>
        <source>Link to outage {id}</source>
        <translation>关联故障 {id}</translation>
    </message>
    <message>
        <source>Add to ticket {id}</source>
        <translation>并入工单 {id}</translation>
    </message>
    <message>
        <source>Already counted in on outage {id}</source>
        <translation>已关联故障 {id}</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>保存中…</translation>
    </message>
    <message>
        <source>Saved here.</source>
        <translation>已在本机保存。</translation>
    </message>
    <message>
        <source>Saved here: linked to outage {id}.</source>
        <translation>已在本机保存：关联故障 {id}。</translation>
    </message>
    <message>
        <source>Saved here: added to ticket {id}.</source>
        <translation>已在本机保存：并入工单 {id}。</translation>
    </message>
    <message>
        <source>It goes to head office by itself as soon as the line allows.</source>
        <translation>线路恢复后自动发往总部。</translation>
    </message>
    <message>
        <source>It is on its way to head office.</source>
        <translation>正在发往总部。</translation>
    </message>
    <message>
        <source>Head office has it.</source>
        <translation>总部已收到。</translation>
    </message>
    <message>
        <source>Head office refused it: {reason} What now? Ctrl+J.</source>
        <translation>总部拒绝：{reason} 如何处理？Ctrl+J。</translation>
    </message>
    <message>
        <source>Head office holds something else by now. What now? Ctrl+J.</source>
        <translation>总部的内容已不同。如何处理？Ctrl+J。</translation>
    </message>
    <message>
        <source>Head office has not answered; it is being asked. Do not take it again.</source>
        <translation>总部尚未答复，正在查询。请勿重复受理。</translation>
    </message>
    <message>
        <source>{reason} Ctrl+J.</source>
        <translation>{reason}Ctrl+J。</translation>
    </message>
    <message>
        <source>It is safe here and goes to head office once {name} signs in again.</source>
        <translation>已安全存在本机，{name} 重新登录后发往总部。</translation>
    </message>
    <message>
        <source>It is safe here; head office is asked about it once {name} signs in again. Do not take it again.</source>
        <translation>已安全存在本机，{name} 重新登录后向总部查询。请勿重复受理。</translation>
    </message>
    <message>
        <source>Saved here: added to the complaint that has no number yet.</source>
        <translation>已在本机保存：并入尚无编号的投诉。</translation>
    </message>
    <message>
        <source>Head office has it as ticket {id}.</source>
        <translation>总部已受理，工单号 {id}。</translation>
    </message>
    <message>
        <source>→ link, told when it ends</source>
        <translation>→ 关联，恢复时通知客户</translation>
    </message>
    <message>
        <source>Something else</source>
        <translation>其他问题</translation>
    </message>
    <message>
        <source>→ fill in below</source>
        <translation>→ 在下方填写</translation>
    </message>
    <message>
        <source>Open ticket: {id}</source>
        <translation>未结工单：{id}</translation>
    </message>
    <message>
        <source>same service</source>
        <translation>同一业务</translation>
    </message>
    <message>
        <source>→ add to it</source>
        <translation>→ 并入</translation>
    </message>
    <message>
        <source>Complaint without account</source>
        <translation>无账户投诉</translation>
    </message>
    <message>
        <source>Doesn&apos;t work</source>
        <translation>不能用</translation>
    </message>
    <message>
        <source>Taken up again, begun {time}</source>
        <translation>继续办理，开始于{time}</translation>
    </message>
    <message>
        <source>no limit is known for {country}</source>
        <translation>{country}：未知监管时限</translation>
    </message>
    <message>
        <source>not verified: {source}</source>
        <translation>未经核实：{source}</translation>
    </message>
    <message>
        <source>nothing more to do</source>
        <translation>无需再办</translation>
    </message>
    <message>
        <source>Counting in came back: what now? Ctrl+J</source>
        <translation>关联被退回，如何处理？Ctrl+J</translation>
    </message>
    <message>
        <source>Already counted in, told when it ends</source>
        <translation>已关联，恢复时通知</translation>
    </message>
    <message>
        <source>Already counted in since {time}, told when it ends</source>
        <translation>{time} 起已关联，恢复时通知</translation>
    </message>
    <message>
        <source>Outage {id}, {name}</source>
        <translation>故障 {id}，{name}</translation>
    </message>
    <message>
        <source>since {time}</source>
        <translation>自 {time}</translation>
    </message>
    <message>
        <source>back ~{time}</source>
        <translation>预计 {time} 恢复</translation>
    </message>
    <message>
        <source>Mend and send the complaint again</source>
        <translation>修改后重新发送投诉</translation>
    </message>
    <message>
        <source>{count} hit</source>
        <translation>影响 {count} 户</translation>
    </message>
</context>
<context>
    <name>customer</name>
    <message>
        <source>Outage {id} hits {service}.</source>
        <translation>故障 {id} 影响 {service}。</translation>
    </message>
    <message>
        <source>Back ~{time}.</source>
        <translation>预计 {time} 恢复。</translation>
    </message>
    <message>
        <source>Complaint {id}, {title}: an answer was promised for {time}.</source>
        <translation>投诉 {id}（{title}）：承诺 {time} 前答复。</translation>
    </message>
    <message>
        <source>Due {amount}.</source>
        <translation>应缴 {amount}。</translation>
    </message>
    <message>
        <source>No longer a customer.</source>
        <translation>已不是客户。</translation>
    </message>
    <message>
        <source>No longer a customer: {reason}.</source>
        <translation>已不是客户：{reason}。</translation>
    </message>
    <message>
        <source>outage ~{time}</source>
        <translation>故障 ~{time}</translation>
    </message>
    <message>
        <source>overdue {id}</source>
        <translation>超期 {id}</translation>
    </message>
    <message>
        <source>due {amount}</source>
        <translation>应缴 {amount}</translation>
    </message>
    <message>
        <source>no longer a customer</source>
        <translation>已离网</translation>
    </message>
    <message>
        <source>account {id}</source>
        <translation>账户 {id}</translation>
    </message>
    <message>
        <source>since {day}</source>
        <translation>自 {day}</translation>
    </message>
    <message>
        <source>ends {day}</source>
        <translation>{day} 到期</translation>
    </message>
    <message>
        <source>{count}×</source>
        <translation>{count} 次</translation>
    </message>
    <message>
        <source>synthetic</source>
        <translation>虚构数据</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Customer</source>
        <translation>客户号</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>等级</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Born</source>
        <translation>出生日期</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>证件</translation>
    </message>
    <message>
        <source>Phones</source>
        <translation>电话</translation>
    </message>
    <message>
        <source>Mail</source>
        <translation>邮箱</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>District</source>
        <translation>地区</translation>
    </message>
    <message>
        <source>Counted in</source>
        <translation>已关联</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Back about</source>
        <translation>预计恢复</translation>
    </message>
    <message>
        <source>Hits</source>
        <translation>影响</translation>
    </message>
    <message>
        <source>{count} services</source>
        <translation>{count} 项业务</translation>
    </message>
    <message>
        <source>Say</source>
        <translation>话术</translation>
    </message>
    <message>
        <source>told when it ends</source>
        <translation>恢复时通知</translation>
    </message>
    <message>
        <source>on</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>outage</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>off</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>overdue {time}</source>
        <translation>超期 {time}</translation>
    </message>
    <message>
        <source>by {time}</source>
        <translation>{time} 前</translation>
    </message>
    <message>
        <source>no number yet</source>
        <translation>尚无编号</translation>
    </message>
</context>
<context>
    <name>drafts</name>
    <message>
        <source>Unfinished complaint for {name}, {time}</source>
        <translation>未完成的投诉：{name}，{time}</translation>
    </message>
    <message>
        <source>Unfinished complaint without account, {time}</source>
        <translation>未完成的无账户投诉，{time}</translation>
    </message>
    <message>
        <source>Unfinished work for {name}, {time}</source>
        <translation>{name} 的未完成业务，{time}</translation>
    </message>
    <message>
        <source>Unfinished work, {time}</source>
        <translation>未完成业务，{time}</translation>
    </message>
    <message>
        <source>{what} · not parked: {reason}</source>
        <translation>{what} · 未寄存：{reason}</translation>
    </message>
    <message>
        <source>{what} · {reason}</source>
        <translation>{what} · {reason}</translation>
    </message>
    <message>
        <source>{what} · goes to the hall once the line allows; Enter keeps it here</source>
        <translation>{what} · 线路恢复后寄存到厅内；回车则留在本台</translation>
    </message>
    <message>
        <source>{what} · on its way to the hall</source>
        <translation>{what} · 正在寄存到厅内</translation>
    </message>
    <message>
        <source>{what} · on its way from the hall</source>
        <translation>{what} · 正在从厅内取回</translation>
    </message>
    <message>
        <source>Parked complaint: {what}, {time}</source>
        <translation>寄存的投诉：{what}，{time}</translation>
    </message>
    <message>
        <source>Parked work, {time}</source>
        <translation>寄存的业务，{time}</translation>
    </message>
    <message>
        <source>{what} · {name} is taking it up</source>
        <translation>{what} · {name} 正在取回</translation>
    </message>
    <message>
        <source>{what} · expired, only for its author or a supervisor</source>
        <translation>{what} · 已过期，只有寄存人或主管可取</translation>
    </message>
    <message>
        <source>not said yet</source>
        <translation>尚未选择类别</translation>
    </message>
    <message>
        <source>Discard for ever? {what}</source>
        <translation>永久放弃？{what}</translation>
    </message>
    <message>
        <source>Discard…</source>
        <translation>放弃…</translation>
    </message>
    <message>
        <source>Discard what was typed? It cannot be brought back.</source>
        <translation>放弃已填写的内容？放弃后无法找回。</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Discard it</source>
        <translation>放弃</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>Choose what the complaint is about. Your text is kept.</source>
        <translation>请选择投诉类别。您的文字已保留。</translation>
    </message>
    <message>
        <source>Say who asks and where to reach them, or that they will not say. Your text is kept.</source>
        <translation>请填写来询人及联系方式，或注明对方不愿透露。已填内容已保留。</translation>
    </message>
    <message>
        <source>Describe what happened, in the customer&apos;s words.</source>
        <translation>请按客户原话填写情况。</translation>
    </message>
    <message>
        <source>The description has {have} characters, {most} are the most. Your text is kept. Shorten it.</source>
        <translation>说明有 {have} 个字符，最多 {most} 个。文字已保留，请缩短。</translation>
    </message>
    <message>
        <source>That did not work. Nothing was changed. Try again.</source>
        <translation>操作未成功。未作任何更改。请重试。</translation>
    </message>
    <message>
        <source>The disk is full, so this was not saved. What was saved before is safe. Free some space, try again.</source>
        <translation>磁盘已满，本次未保存。此前保存的内容不受影响。请腾出空间后重试。</translation>
    </message>
    <message>
        <source>The disk did not take this, so it was not saved. Your form is kept. Try again, or call IT.</source>
        <translation>磁盘写入失败，未保存。表单已保留。请重试或联系技术支持。</translation>
    </message>
    <message>
        <source>Head office cannot be reached. What you saved is safe and is sent when the line is back.</source>
        <translation>无法连接总部。已保存的内容不受影响，线路恢复后发送。</translation>
    </message>
    <message>
        <source>Head office refused this: {reason}. Your form is kept. Change it, send it again.</source>
        <translation>总部拒绝：{reason}。表单已保留。请修改后重新发送。</translation>
    </message>
    <message>
        <source>Head office sent an answer that makes no sense. Nothing was changed here. Tell IT if it stays.</source>
        <translation>总部的答复无法识别。本机未作更改。若持续出现请联系技术支持。</translation>
    </message>
    <message>
        <source>Your role may not do this. Ask a supervisor.</source>
        <translation>您的角色无权执行此操作。请找主管。</translation>
    </message>
    <message>
        <source>User or password is wrong. Nothing is locked. Try again.</source>
        <translation>用户或密码错误。账户未锁定，请重试。</translation>
    </message>
    <message>
        <source>This is another back office than the one this desk works for. Acts still waiting for that one: {count}. They are safe; nothing was sent or changed. Start with --server {address}, or give another --profile.</source>
        <translation>这里连接的不是本机所属的总部系统。还有 {count} 项操作在等待原来的总部，内容安全，未发送也未更改。请用 --server {address} 启动，或另用一个 --profile。</translation>
    </message>
    <message>
        <source>This is not the desk PIN of that user. Type it again; without one, sign in with the password when the line is back.</source>
        <translation>这不是该用户的本机密码。请重新输入；如未设置，请在线路恢复后用密码登录。</translation>
    </message>
    <message>
        <source>Too many tries. Wait {seconds} seconds, then try again.</source>
        <translation>尝试次数过多。请等待 {seconds} 秒后重试。</translation>
    </message>
    <message>
        <source>The desk PIN was typed wrong {tries} times, so it was removed. What was saved is safe. Sign in with the password when the line is back, then set a new PIN.</source>
        <translation>本机密码已连续输错 {tries} 次，已被清除。已保存的内容不受影响。线路恢复后请用密码登录，再设新的本机密码。</translation>
    </message>
    <message>
        <source>Work without the line was allowed until {until}. What was saved is safe. Sign in when the line is back.</source>
        <translation>断线工作许可已于 {until} 到期。已保存的内容不受影响。请在线路恢复后登录。</translation>
    </message>
    <message>
        <source>The desk PIN needs at least {digits} digits. Choose another.</source>
        <translation>本机密码至少 {digits} 位数字。请另设一个。</translation>
    </message>
    <message>
        <source>That PIN is guessed at the first try. Choose another.</source>
        <translation>这个本机密码太容易被猜中。请另设一个。</translation>
    </message>
    <message>
        <source>The setting {key} in {file} is not usable. Nothing was changed. Correct it, start again.</source>
        <translation>{file} 中的设置 {key} 无法使用。未作任何更改。请更正后重新启动。</translation>
    </message>
    <message>
        <source>The back office address {server} cannot be used. Nothing was changed. It begins with https:// (http:// only on this machine). Correct it, start again.</source>
        <translation>总部地址 {server} 无法使用。未作任何更改。地址应以 https:// 开头（http:// 仅限本机）。请更正后重新启动。</translation>
    </message>
    <message>
        <source>Your sign-in has ended. What you saved is safe. Sign in again to send it.</source>
        <translation>登录已过期。已保存的内容不受影响。请重新登录后发送。</translation>
    </message>
    <message>
        <source>The demonstration&apos;s data was made anew. What still waits here is for the old data; it is kept and not sent. Start with another --profile.</source>
        <translation>演示数据已重新生成。这里待发的内容属于原来的数据，已保留，不会发送。请另用一个 --profile 启动。</translation>
    </message>
    <message>
        <source>Head office has no such customer for you any more. Nothing was changed. Search again by another number.</source>
        <translation>总部已没有您可查看的这位客户。未作任何更改。请用其他号码重新查找。</translation>
    </message>
    <message>
        <source>Head office knows nobody in a territory that is this desk&apos;s home. Work goes on; many may not be at this desk. Tell IT: the setting home may be misspelt.</source>
        <translation>本机所属区域中，有的区域在总部没有任何客户。可以继续工作，但许多客户可能不在本机。请告知技术支持：home 设置可能拼写有误。</translation>
    </message>
    <message>
        <source>This desk is making a new copy. Nothing was changed. Whoever is not at this desk can be opened once it is complete.</source>
        <translation>本机正在建立新副本。未作任何更改。副本完成后，即可打开不在本机的客户。</translation>
    </message>
    <message>
        <source>Exchange with head office is stopped, so nobody can be fetched. What you saved is safe. Call IT.</source>
        <translation>与总部的同步已停止，无法取回客户资料。已保存的内容不受影响。请联系技术支持。</translation>
    </message>
    <message>
        <source>The local copy was damaged and is being built again. What you saved is safe. Search works again soon.</source>
        <translation>本地副本已损坏，正在重建。已保存的内容不受影响。搜索很快恢复。</translation>
    </message>
    <message>
        <source>The local copy did not match head office and is being built again. What you saved is safe. Look again before you rely on what you see.</source>
        <translation>本地副本与总部不一致，正在重建。已保存的内容不受影响。依据所见内容办理前，请重新查看。</translation>
    </message>
    <message>
        <source>This is not saved yet. Your form is kept. Save it (Ctrl+Enter), or leave it for later (Esc).</source>
        <translation>尚未保存。表单已保留。请保存（Ctrl+Enter），或留待以后（Esc）。</translation>
    </message>
    <message>
        <source>The customer is already counted in on this outage and is told when it ends. Nothing was sent. Take another row, or finish (F12).</source>
        <translation>该客户已关联此故障，恢复时会通知。未再发送任何内容。请选其他行，或结束（F12）。</translation>
    </message>
    <message>
        <source>Counting the customer in came back from head office. Nothing more was sent. Decide what to do (Ctrl+J), or take another row.</source>
        <translation>关联该客户被总部退回。未再发送任何内容。请先决定如何处理（Ctrl+J），或选其他行。</translation>
    </message>
    <message>
        <source>The passphrase has {have} characters, {least} are the least. Choose a longer one.</source>
        <translation>口令有 {have} 个字符，至少 {least} 个。请设置更长的口令。</translation>
    </message>
    <message>
        <source>The two passphrases are not the same. Nothing was changed. Type it twice again.</source>
        <translation>两次口令不一致。未作任何更改。请重新输入两次。</translation>
    </message>
    <message>
        <source>The two PINs are not the same. No PIN was set. Type it twice again.</source>
        <translation>两次密码不一致。未设置密码。请重新输入两次。</translation>
    </message>
    <message>
        <source>Type your user name first.</source>
        <translation>请先输入用户名。</translation>
    </message>
    <message>
        <source>The desk&apos;s data is not protected on this computer. Nothing was written. Call IT.</source>
        <translation>本机上的席位数据未受加密保护。未写入任何内容。请联系技术支持。</translation>
    </message>
    <message>
        <source>A newer Trunkline wrote this desk&apos;s data. Nothing was changed. Start the newer one.</source>
        <translation>本席数据由更新版本的Trunkline写入。未作任何更改。请启动新版本。</translation>
    </message>
    <message>
        <source>The desk&apos;s journal is damaged. Start Trunkline again: what can be read is saved.</source>
        <translation>本席日志已损坏。请重新启动Trunkline：可读的内容会被保留。</translation>
    </message>
    <message>
        <source>The key of this desk&apos;s data is gone. Nothing was deleted or overwritten. Call IT.</source>
        <translation>本席数据的密钥已丢失。未删除或覆盖任何内容。请联系技术支持。</translation>
    </message>
    <message>
        <source>This profile belongs to another kind of desk: a demonstration and a real desk never share one. Nothing was changed. Start with the --server it was made for, or with another --profile.</source>
        <translation>此配置目录属于另一类席位：演示与正式席位不能共用。未作任何更改。请用原来的 --server 启动，或另用 --profile。</translation>
    </message>
    <message>
        <source>The passphrase needs at least {shortest} characters. Nothing was written. Choose another.</source>
        <translation>口令至少需要 {shortest} 个字符。未写入任何内容。请另选一个。</translation>
    </message>
    <message>
        <source>That is not this desk&apos;s passphrase. Nothing was changed. Try again.</source>
        <translation>这不是本席的口令。未作任何更改。请重试。</translation>
    </message>
    <message>
        <source>The file that leads to the desk&apos;s key is damaged. Nothing was deleted. Call IT.</source>
        <translation>通向本席密钥的文件已损坏。未删除任何内容。请联系技术支持。</translation>
    </message>
    <message>
        <source>This computer&apos;s keyring is locked. Nothing was changed. Unlock it, start Trunkline again.</source>
        <translation>本机密钥环已锁定。未作任何更改。请解锁后重新启动Trunkline。</translation>
    </message>
    <message>
        <source>The keyring that keeps the desk&apos;s key ({backend}) is not here. Nothing was changed. Call IT.</source>
        <translation>保存本席密钥的密钥环（{backend}）不在本机。未作任何更改。请联系技术支持。</translation>
    </message>
    <message>
        <source>The desk&apos;s journal was damaged. What could be read is in a new one; the old file is kept as {file}. Lost acts, by number: {missing}. Call IT.</source>
        <translation>本席日志曾损坏。可读的内容已移入新日志；旧文件保留为 {file}。丢失的操作序号：{missing}。请联系技术支持。</translation>
    </message>
    <message>
        <source>The desk&apos;s journal was damaged. No act is lost: all are in a new one; the old file is kept as {file}. Call IT.</source>
        <translation>本席日志曾损坏。没有丢失任何操作，已全部移入新日志；旧文件保留为 {file}。请联系技术支持。</translation>
    </message>
    <message>
        <source>The key in this profile belongs to other data than what lies here. Nothing was changed or deleted. Call IT.</source>
        <translation>此配置目录中的密钥与这里的数据不符。未更改或删除任何内容。请联系技术支持。</translation>
    </message>
    <message>
        <source>{name} has filed this already, at another desk. Nothing was done twice. Set this aside.</source>
        <translation>{name} 已在另一台席受理，没有重复受理。请将这一件搁置。</translation>
    </message>
    <message>
        <source>Nobody can say whether head office has this: no answer came, and it cannot be asked. It was not sent again. Look there, then set it aside or do it anew.</source>
        <translation>无法确定总部是否已收到：没有收到答复，也无法查询。没有重新发送。请到总部系统核实，然后搁置此项或重新办理。</translation>
    </message>
    <message>
        <source>Head office holds this more than once: {ids}. Let one of them be closed there, then set this aside.</source>
        <translation>总部重复登记了此项：{ids}。请让总部关闭其中多余的一张，然后搁置此项。</translation>
    </message>
    <message>
        <source>Head office had this, was put back to an earlier state and has it no longer; nothing was done twice. Send it again, or set it aside.</source>
        <translation>总部曾有此项，后系统恢复到较早状态，现已不再有；没有重复处理。请重新发送，或予以搁置。</translation>
    </message>
    <message>
        <source>This desk has none left to give out. It gets more as soon as head office can be reached.</source>
        <translation>本机已没有可发放的了。一旦能连上总部，就会自动补充。</translation>
    </message>
    <message>
        <source>What you chose cannot be given out any more, so this was not saved. Your form is kept. Choose another.</source>
        <translation>所选的已不能再发放，因此没有保存。表单仍在，请另选一个。</translation>
    </message>
    <message>
        <source>{name} has taken this up already. Nothing is lost. Choose another, or ask them.</source>
        <translation>{name} 已取走这一件，内容没有丢失。请另选一件，或询问对方。</translation>
    </message>
    <message>
        <source>This is not parked at the hall any more. Press F5 to see what is.</source>
        <translation>厅内已没有这一件。按 F5 查看现有内容。</translation>
    </message>
    <message>
        <source>This was parked too long ago. Its author or a supervisor can still take it up.</source>
        <translation>寄存时间过长。仍可由原受理人或主管接手。</translation>
    </message>
    <message>
        <source>This was parked before this desk belonged to the hall, so it cannot be opened here. Use another desk.</source>
        <translation>这一件寄存时本台席尚未加入本厅，无法在此打开。请换一台席。</translation>
    </message>
    <message>
        <source>As much is parked at the hall as it takes. Take something up there first.</source>
        <translation>厅内寄存已满。请先取走一些再寄存。</translation>
    </message>
    <message>
        <source>A newer Trunkline parked this. Take it up at a desk that has been brought up to date.</source>
        <translation>这一件由更新版本的 Trunkline 寄存。请在已升级的台席取回。</translation>
    </message>
    <message>
        <source>This is too long to be parked. It stays here. Shorten it, or finish it here.</source>
        <translation>内容太长，无法寄存，已留在本机。请缩短，或在本台办完。</translation>
    </message>
    <message>
        <source>Head office does not park anything. What you began stays here.</source>
        <translation>总部不提供寄存。您已填写的内容保留在本机。</translation>
    </message>
    <message>
        <source>This is on its way to or from the hall. It is safe. Go on with it once the line has settled where it is.</source>
        <translation>这一件正在寄存或取回途中，内容安全。待线路确认后再继续办理。</translation>
    </message>
</context>
<context>
    <name>keys</name>
    <message>
        <source>keys of this page, and messages</source>
        <translation>本页按键与消息</translation>
    </message>
    <message>
        <source>box: find or do</source>
        <translation>搜索框：查找或执行</translation>
    </message>
    <message>
        <source>verify who is here</source>
        <translation>核验来客身份</translation>
    </message>
    <message>
        <source>refresh</source>
        <translation>刷新</translation>
    </message>
    <message>
        <source>refresh everything</source>
        <translation>全部刷新</translation>
    </message>
    <message>
        <source>next region</source>
        <translation>下一区域</translation>
    </message>
    <message>
        <source>previous region</source>
        <translation>上一区域</translation>
    </message>
    <message>
        <source>&quot;doesn&apos;t work&quot;: complaint</source>
        <translation>“不能用”：投诉</translation>
    </message>
    <message>
        <source>pay</source>
        <translation>缴费</translation>
    </message>
    <message>
        <source>do…</source>
        <translation>办理…</translation>
    </message>
    <message>
        <source>hold, go Home</source>
        <translation>挂起，回首页</translation>
    </message>
    <message>
        <source>finish: wrap up, next</source>
        <translation>结束：收尾，下一位</translation>
    </message>
    <message>
        <source>the primary action</source>
        <translation>主要操作</translation>
    </message>
    <message>
        <source>one level back; nothing is discarded</source>
        <translation>返回一级，不丢弃任何内容</translation>
    </message>
    <message>
        <source>open interaction</source>
        <translation>打开的客户</translation>
    </message>
    <message>
        <source>previous interaction</source>
        <translation>上一位客户</translation>
    </message>
    <message>
        <source>next interaction</source>
        <translation>下一位客户</translation>
    </message>
    <message>
        <source>panel</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>the page before</source>
        <translation>前一页</translation>
    </message>
    <message>
        <source>the page after</source>
        <translation>后一页</translation>
    </message>
    <message>
        <source>filter this list</source>
        <translation>筛选列表</translation>
    </message>
    <message>
        <source>source and age</source>
        <translation>来源与时间</translation>
    </message>
    <message>
        <source>go to what rings</source>
        <translation>转到来电</translation>
    </message>
    <message>
        <source>go to what needs you</source>
        <translation>转到待您处理</translation>
    </message>
    <message>
        <source>someone new</source>
        <translation>新客户</translation>
    </message>
    <message>
        <source>note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>template text</source>
        <translation>模板文字</translation>
    </message>
    <message>
        <source>reveal, with a reason</source>
        <translation>说明理由后显示</translation>
    </message>
    <message>
        <source>print or reprint</source>
        <translation>打印或补打</translation>
    </message>
    <message>
        <source>hand over: park at the hall</source>
        <translation>移交：寄存到厅内</translation>
    </message>
    <message>
        <source>on a row: discard what is unfinished; asks first</source>
        <translation>在行上：放弃未完成的内容，先询问</translation>
    </message>
    <message>
        <source>lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>line</name>
    <message>
        <source>Exchange with head office is stopped. What you saved is safe. Call IT.</source>
        <translation>与总部的同步已停止。已保存的内容不受影响。请联系技术支持。</translation>
    </message>
    <message>
        <source>Sign in to connect</source>
        <translation>登录后连接</translation>
    </message>
    <message>
        <source>Head office wants you to sign in again; work goes on</source>
        <translation>总部要求重新登录；工作可继续</translation>
    </message>
    <message>
        <source>Connecting to head office…</source>
        <translation>正在连接总部…</translation>
    </message>
    <message>
        <source>Online</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>{count} waiting</source>
        <translation>{count} 条待发</translation>
    </message>
    <message>
        <source>{count} needs you  Ctrl+J</source>
        <translation>{count} 条待您处理  Ctrl+J</translation>
    </message>
    <message>
        <source>as of {time}</source>
        <translation>截至 {time}</translation>
    </message>
    <message>
        <source>{count} until {name} and others sign in</source>
        <translation>{count} 条等 {name} 等人登录</translation>
    </message>
    <message>
        <source>{count} until {name} signs in</source>
        <translation>{count} 条等 {name} 登录</translation>
    </message>
    <message>
        <source>Line cut, work goes on</source>
        <translation>线路中断，工作照常</translation>
    </message>
    <message>
        <source>Line cut since {time}, work goes on</source>
        <translation>线路自 {time} 中断，工作照常</translation>
    </message>
    <message>
        <source>Copying this branch&apos;s data: all is here and is being made searchable</source>
        <translation>正在复制本网点数据：已全部收到，正在建立索引</translation>
    </message>
    <message>
        <source>Copying this branch&apos;s data: {done} of {all}</source>
        <translation>正在复制本网点数据：{done} / {all}</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>还需不到 1 分钟</translation>
    </message>
    <message>
        <source>about {minutes} min left</source>
        <translation>约还需 {minutes} 分钟</translation>
    </message>
</context>
<context>
    <name>match</name>
    <message>
        <source>number</source>
        <translation>号码</translation>
    </message>
    <message>
        <source>last four</source>
        <translation>后四位</translation>
    </message>
    <message>
        <source>name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>customer</source>
        <translation>客户号</translation>
    </message>
    <message>
        <source>account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>ticket</source>
        <translation>工单</translation>
    </message>
    <message>
        <source>identity number</source>
        <translation>证件号</translation>
    </message>
    <message>
        <source>address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>order</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>SIM card</source>
        <translation>SIM 卡</translation>
    </message>
    <message>
        <source>perhaps: first letters fit</source>
        <translation>可能：仅首字相符</translation>
    </message>
</context>
<context>
    <name>needs-you</name>
    <message>
        <source>Mend and send again</source>
        <translation>修改后重新发送</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>重新发送</translation>
    </message>
    <message>
        <source>Adopt and send</source>
        <translation>接管并发送</translation>
    </message>
    <message>
        <source>Send mine on top</source>
        <translation>仍按我的提交</translation>
    </message>
    <message>
        <source>Drop mine</source>
        <translation>放弃我的</translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation>搁置</translation>
    </message>
    <message>
        <source>Opens the form with everything as it was sent. Saving it replaces this one.</source>
        <translation>打开表单，内容与发送时相同。保存后替代此条。</translation>
    </message>
    <message>
        <source>Goes to head office once more, as it was, with your name. The lost one leaves the list.</source>
        <translation>按原样以您的名义再次发送给总部。丢失的一条移出列表。</translation>
    </message>
    <message>
        <source>It goes to head office under your sign-in. Both names, {author} and yours, are recorded there and here.</source>
        <translation>将以您的登录身份发往总部。{author} 和您的姓名在总部和本机都会记录。</translation>
    </message>
    <message>
        <source>What you wanted takes the place of what is there now, in these fields only. Your name stays in the journal.</source>
        <translation>您要的内容将取代总部现有的内容，仅限这些字段。您的姓名会记入日志。</translation>
    </message>
    <message>
        <source>What is there now stays. Yours leaves the list and stays in the journal, with your name.</source>
        <translation>总部现有的内容保留。您的操作离开列表，连同您的姓名保存在日志中。</translation>
    </message>
    <message>
        <source>Head office will not get this. It leaves the list and stays in the journal, with your name.</source>
        <translation>总部不会收到。它将移出列表，并以您的名义保留在日志中。</translation>
    </message>
    <message>
        <source>Nothing is sent or changed at head office. It leaves the list and stays in the journal, with your name.</source>
        <translation>不会向总部发送或更改任何内容。此项将移出列表，并连同您的姓名保留在日志中。</translation>
    </message>
    <message>
        <source>It stays deleted, or out of your sight. Yours leaves the list and stays in the journal, with your name.</source>
        <translation>记录仍为已删除，或您无权查看。您的操作离开列表，连同您的姓名保存在日志中。</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>严重程度</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Came in by</source>
        <translation>受理渠道</translation>
    </message>
    <message>
        <source>Who is concerned</source>
        <translation>相关人员</translation>
    </message>
    <message>
        <source>What is concerned</source>
        <translation>相关对象</translation>
    </message>
    <message>
        <source>Attachments</source>
        <translation>附件</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Why that status</source>
        <translation>状态原因</translation>
    </message>
    <message>
        <source>In that status since</source>
        <translation>进入该状态时间</translation>
    </message>
    <message>
        <source>Earlier statuses</source>
        <translation>状态历史</translation>
    </message>
    <message>
        <source>Wanted by</source>
        <translation>要求完成时间</translation>
    </message>
    <message>
        <source>Promised by</source>
        <translation>预计解决时间</translation>
    </message>
    <message>
        <source>Resolved</source>
        <translation>解决时间</translation>
    </message>
    <message>
        <source>Contact details</source>
        <translation>联系方式</translation>
    </message>
    <message>
        <source>Identity documents</source>
        <translation>身份证件</translation>
    </message>
    <message>
        <source>Credit limit</source>
        <translation>信用额度</translation>
    </message>
    <message>
        <source>Credit</source>
        <translation>信用</translation>
    </message>
    <message>
        <source>Instalments</source>
        <translation>分期付款计划</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>套餐</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>价格</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>参数设置</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Others changed it before yours arrived. You decide.</source>
        <translation>在您的操作送达之前，他人已作更改。请您决定。</translation>
    </message>
    <message>
        <source>Head office does not say how it is there now. Look there, then set this aside or do it anew.</source>
        <translation>总部没有说明现在的内容。请到总部系统核实，然后搁置此项或重新操作。</translation>
    </message>
    <message>
        <source>It was deleted at head office, or is not yours to see any more.</source>
        <translation>总部已删除此记录，或您已无权查看。</translation>
    </message>
    <message>
        <source>Next: choose what to do</source>
        <translation>下一步：选择处理方式</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>What</source>
        <translation>事项</translation>
    </message>
    <message>
        <source>For</source>
        <translation>客户</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>业务</translation>
    </message>
    <message>
        <source>{author} is no longer accepted at head office. A supervisor can adopt this.</source>
        <translation>总部已不再接受 {author} 的登录。主管可以接管此操作。</translation>
    </message>
    <message>
        <source>{author}, adopted by {adopter}</source>
        <translation>{author}，由 {adopter} 接管</translation>
    </message>
    <message>
        <source>yours: {wanted} · there now: {there} · you saw: {seen}</source>
        <translation>您要：{wanted} · 现有：{there} · 您当时看到：{seen}</translation>
    </message>
    <message>
        <source>there now: {there} · you saw: {seen}</source>
        <translation>现有：{there} · 您当时看到：{seen}</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>经办人</translation>
    </message>
</context>
<context>
    <name>values</name>
    <message>
        <source>active</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>no longer a customer</source>
        <translation>已离网</translation>
    </message>
    <message>
        <source>prospect</source>
        <translation>潜在客户</translation>
    </message>
    <message>
        <source>suspended</source>
        <translation>停机</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>已终止</translation>
    </message>
    <message>
        <source>person</source>
        <translation>个人</translation>
    </message>
    <message>
        <source>organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>male</source>
        <translation>男</translation>
    </message>
    <message>
        <source>female</source>
        <translation>女</translation>
    </message>
    <message>
        <source>Gold</source>
        <translation>金卡</translation>
    </message>
    <message>
        <source>Silver</source>
        <translation>银卡</translation>
    </message>
    <message>
        <source>Platinum</source>
        <translation>白金卡</translation>
    </message>
    <message>
        <source>standard</source>
        <translation>普通</translation>
    </message>
    <message>
        <source>identity card</source>
        <translation>身份证</translation>
    </message>
    <message>
        <source>business licence</source>
        <translation>营业执照</translation>
    </message>
    <message>
        <source>passport</source>
        <translation>护照</translation>
    </message>
    <message>
        <source>mobile</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>landline</source>
        <translation>固话</translation>
    </message>
    <message>
        <source>internet</source>
        <translation>宽带</translation>
    </message>
    <message>
        <source>TV</source>
        <translation>电视</translation>
    </message>
    <message>
        <source>add-on</source>
        <translation>附加</translation>
    </message>
    <message>
        <source>critical</source>
        <translation>紧急</translation>
    </message>
    <message>
        <source>major</source>
        <translation>严重</translation>
    </message>
    <message>
        <source>minor</source>
        <translation>一般</translation>
    </message>
    <message>
        <source>open</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>acknowledged</source>
        <translation>已受理</translation>
    </message>
    <message>
        <source>in progress</source>
        <translation>处理中</translation>
    </message>
    <message>
        <source>pending</source>
        <translation>待处理</translation>
    </message>
    <message>
        <source>held</source>
        <translation>挂起</translation>
    </message>
    <message>
        <source>resolved</source>
        <translation>已解决</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>已驳回</translation>
    </message>
    <message>
        <source>customers</source>
        <translation>客户系统</translation>
    </message>
    <message>
        <source>inventory</source>
        <translation>资源系统</translation>
    </message>
    <message>
        <source>complaints</source>
        <translation>投诉系统</translation>
    </message>
    <message>
        <source>network</source>
        <translation>网络系统</translation>
    </message>
</context>
</TS>
