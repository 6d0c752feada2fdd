"""The desk's encrypted store on SQLAlchemy Core; implements the features' ports; returns models, never rows."""
