"""May this be mailed now? `decide` weighs facts into OPEN or SHUT, with every reason. Pure: no database, no clock."""
