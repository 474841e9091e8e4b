# Read by bin/test and bin/soak: runs tests, shows what they say, and counts. Needs `root` from bin/lib/bun.sh.

# need_programs PROGRAM:PACKAGE...: brings the packages of Debian whose programs this machine lacks.
need_programs() {
	missing=""
	for entry in "$@"; do
		command -v "${entry%%:*}" >/dev/null 2>&1 || missing="$missing ${entry#*:}"
	done
	[ -n "$missing" ] || return 0
	if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
		echo "Installing what the tests need:$missing"
		apt-get update -qq
		# shellcheck disable=SC2086
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
	else
		echo "These tests need programs this machine lacks:$missing. On Debian or Ubuntu install them with: sudo apt-get install$missing" >&2
		echo "Then run this again. What needs none of them runs with: bun test" >&2
		exit 1
	fi
}

report=$(mktemp)
trap 'rm -f "$report"' EXIT
passed=0
failed=0

# Runs `bun test` with the given arguments and counts. A run that fails without naming a failure, and one that found nothing to
# run, counts as one failure.
run() {
	code=0
	: >"$report"
	bun test --reporter=junit --reporter-outfile="$report" "$@" 2>&1 || code=$?
	tests=$(total tests)
	failures=$(total failures)
	passed=$((passed + tests - failures - $(total skipped)))
	if [ "$failures" = 0 ] && { [ "$code" != 0 ] || [ "$tests" = 0 ]; }; then failures=1; fi
	failed=$((failed + failures))
}

# What the report as a whole says under this name.
total() {
	number=$(sed -n "s/.*<testsuites [^>]*$1=\"\([0-9]*\)\".*/\1/p" "$report")
	echo "${number:-0}"
}

# The last line of every command that runs tests, and how it ends.
conclude() {
	echo
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ] && [ "$passed" != 0 ]
}
