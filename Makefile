# Names for the scripts, nothing more.
.PHONY: server test build format bench fuzz tidy
server test build format bench fuzz:
	@script/$@
tidy:
	@tools/tidy
