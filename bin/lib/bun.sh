# Read by the commands in bin/: finds the Bun this project is pinned to, brings it into .bun/ when the machine has none
# or another one, and installs the packages. Afterwards `bun` is that Bun, and `root` is the checkout.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
wanted=$(sed -n 's/.*"packageManager": "bun@\([^"]*\)".*/\1/p' "$root/package.json")

is_wanted() {
	[ "$("$1" --version 2>/dev/null)" = "$wanted" ]
}

# npm puts Bun in place with a script that may be switched off, and Bun runs no scripts of others;
# the program itself then lies in the package of this platform.
brought_bun() {
	for candidate in "$root"/.bun/node_modules/.bin/bun "$root"/.bun/node_modules/@oven/*/bin/bun; do
		if [ -x "$candidate" ] && is_wanted "$candidate"; then
			printf '%s\n' "$candidate"
			return
		fi
	done
	return 1
}

bring_bun() {
	if ! command -v npm >/dev/null 2>&1 && ! command -v bun >/dev/null 2>&1; then
		echo "Formstead runs on Bun $wanted, and this machine has neither Bun nor npm to bring it. Install Node (https://nodejs.org) or Bun (https://bun.com), then run this again." >&2
		exit 1
	fi
	echo "Bringing Bun $wanted into .bun/ ..." >&2
	mkdir -p "$root/.bun"
	[ -e "$root/.bun/package.json" ] || echo '{ "private": true }' >"$root/.bun/package.json"
	if command -v npm >/dev/null 2>&1; then
		npm install --prefix "$root/.bun" --no-fund --no-audit --loglevel=error "bun@$wanted" >&2
	else
		(cd "$root/.bun" && bun add --exact "bun@$wanted") >&2
	fi
}

need_bun() {
	if command -v bun >/dev/null 2>&1 && is_wanted bun; then
		return
	fi
	found=$(brought_bun) || {
		bring_bun
		found=$(brought_bun) || {
			echo "Bun $wanted could not be brought. Install it as https://bun.com says, then run this again." >&2
			exit 1
		}
	}
	# A folder with nothing but `bun` in it: npm's folder may hold the name of a Bun that does not run.
	mkdir -p "$root/.bun/bin"
	ln -sf "$found" "$root/.bun/bin/bun"
	PATH="$root/.bun/bin:$PATH"
	export PATH
}

need_packages() {
	need_bun
	if ! cmp -s "$root/bun.lock" "$root/node_modules/.installed.lock"; then
		(cd "$root" && bun install --frozen-lockfile) >&2
		cp "$root/bun.lock" "$root/node_modules/.installed.lock"
	fi
}
