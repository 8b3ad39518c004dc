"""May this be mailed now? One function answers, with every reason; pages, letters and machines ask it."""
