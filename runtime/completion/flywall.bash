# Completion of flywall's programs for bash. What there is to complete comes from each program's own --help, which
# is made of the tables that it reads its options by.

# Lines of "--option VALUE words that it may have": the value is what stands for it in the help, the words are
# those that its text lists.
_flywall_options() {
	"$@" --help 2>/dev/null | awk '
		function flush() {
			if (name == "") return
			gsub(/\([^)]*\)/, "", text)
			sub(/;.*/, "", text)
			gsub(/ or /, ",", text)
			count = split(text, parts, ",")
			line = name " " value
			for (i = 1; i <= count; i++) {
				words = split(parts[i], word, " ")
				if (word[words] ~ /^[a-z0-9]+$/) line = line " " word[words]
			}
			print line
			name = ""
		}
		match($0, /--[a-z0-9-]+/) && /^ *-/ {
			flush()
			name = substr($0, RSTART, RLENGTH)
			rest = substr($0, RSTART + RLENGTH)
			value = "-"
			if (match(rest, /^=[^ ]+/)) {
				value = substr(rest, 2, RLENGTH - 1)
				rest = substr(rest, RLENGTH + 1)
			}
			text = rest
			next
		}
		/^                    / { text = text " " $0; next }
		{ flush() }
		END { flush() }'
}

# The commands of a program that has some.
_flywall_commands() {
	"$1" --help 2>/dev/null | awk '/COMMAND/ { has = 1 } has && /^  [a-z]/ { print $1 }'
}

# The values of one option.
_flywall_values() {
	local option=$1 current=$2 name value words IFS=$' \t\n'
	shift 2
	while read -r name value words; do
		[ "$name" = "$option" ] || continue
		case $value in
		WHAT | FORMAT | FAMILY | KEY) compgen -W "$words" -- "$current" ;;
		DIR) compgen -d -- "$current" ;;
		CODE) compgen -W "all $("$1" --explain-code=all 2>/dev/null | awk '{ print $1 }')" -- "$current" ;;
		*) compgen -f -- "$current" ;;
		esac
		return
	done < <(_flywall_options "$@")
}

_flywall() {
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} program=$1 command= i
	local commands IFS=$'\n'
	COMPREPLY=()
	commands=$(_flywall_commands "$program")
	for ((i = 1; i < COMP_CWORD; i++)); do
		if grep -qxF -- "${COMP_WORDS[i]}" <<<"$commands"; then
			command=${COMP_WORDS[i]}
			break
		fi
	done
	# "--option=value" is three words for bash, and one for zsh.
	if [ "$current" = "=" ]; then
		COMPREPLY=($(_flywall_values "$before" "" "$program" ${command:+"$command"}))
	elif [ "$before" = "=" ]; then
		COMPREPLY=($(_flywall_values "${COMP_WORDS[COMP_CWORD - 2]}" "$current" "$program" \
			${command:+"$command"}))
	elif [[ $current == --*=* ]]; then
		COMPREPLY=($(_flywall_values "${current%%=*}" "${current#*=}" "$program" ${command:+"$command"} |
			sed "s/^/${current%%=*}=/"))
	elif [[ $current == -* ]]; then
		COMPREPLY=($(compgen -W "$(_flywall_options "$program" ${command:+"$command"} |
			awk '{ print $1 ($2 == "-" ? "" : "=") }')" -- "$current"))
		[[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
	elif [ -n "$commands" ] && [ -z "$command" ]; then
		COMPREPLY=($(compgen -W "$commands" -- "$current"))
	else
		COMPREPLY=($(compgen -f -- "$current"))
		compopt -o filenames 2>/dev/null
	fi
	return 0
}

complete -F _flywall flywall-compile flywall-apply flywall-state flywalld
