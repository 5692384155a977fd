import { keysOf } from './arrange.ts';
import { type CommandSpec, commandNames, commands, type Shell } from './commands.ts';
import { type FlagKey, flagOf } from './flags.ts';

/** What may be at some place of a command line. */
type Offer =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'schedules' | 'files' | 'directories' | 'nothing' };

/** A script for a shell, made from the table of flags only. */
export function completionScript(shell: Shell): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript }[shell]();
}

function offerOf(key: FlagKey, { formats }: CommandSpec): Offer {
  const { choices = key === 'output' ? formats : undefined, completes } = flagOf(key);
  return choices === undefined ? { kind: completes ?? 'nothing' } : { kind: 'words', words: choices };
}

const firstWords = [...commandNames, 'help', '--help', '--version'].join(' ');

/** `help` takes the name of a command. */
const helpTakes: Offer = { kind: 'words', words: commandNames };

function offerOfArgument({ argument }: CommandSpec): Offer {
  const completes = argument?.completes;
  if (argument === undefined) return { kind: 'nothing' };
  if (completes === 'schedules') return { kind: 'schedules' };
  return completes === undefined ? { kind: 'directories' } : { kind: 'words', words: completes };
}

function longFlags(spec: CommandSpec): readonly string[] {
  return [...keysOf(spec.name).map((key) => `--${flagOf(key).name}`), '--help'];
}

/** `case` branches of bash and zsh: what follows a flag, then what a command takes. */
function branches(say: (offer: Offer) => string, sayFlags: (words: readonly string[]) => string): string {
  const valued = commands.flatMap((spec) =>
    keysOf(spec.name)
      .map((key) => ({ key, flag: flagOf(key) }))
      .filter(({ flag }) => flag.value !== undefined)
      .map(({ key, flag: { name, short } }) => {
        const typed = [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
        const patterns = typed.map((word) => `'${spec.name} ${word}'`).join(' | ');
        return `    ${patterns}) ${say(offerOf(key, spec))}; return ;;`;
      }),
  );
  const taken = commands.map(
    (spec) => `    ${spec.name})
      if [[ $current == -* ]]; then ${sayFlags(longFlags(spec))}
      else ${say(offerOfArgument(spec))}; fi ;;`,
  );
  return `  case "$command $previous" in
${valued.join('\n')}
  esac
  case $command in
${taken.join('\n')}
    help) ${say(helpTakes)} ;;
  esac`;
}

function bashScript(): string {
  const say = (offer: Offer): string =>
    ({
      words: () => `_downbeat_words '${offer.kind === 'words' ? offer.words.join(' ') : ''}'`,
      schedules: () => '_downbeat_schedules',
      files: () => '_downbeat_paths -f',
      directories: () => '_downbeat_paths -d',
      nothing: () => ':',
    })[offer.kind]();
  return `# Completion of downbeat for bash: source <(downbeat completion bash)
_downbeat_words() {
  COMPREPLY=($(compgen -W "$1" -- "$current"))
}
_downbeat_paths() {
  compopt -o filenames 2>/dev/null
  local IFS=$'\\n'
  COMPREPLY=($(compgen "$1" -- "$current"))
}
_downbeat_schedules() {
  local name typed=\${current//\\\\/}
  while IFS= read -r name; do
    [[ $name == "$typed"* ]] && COMPREPLY+=("$(printf %q "$name")")
  done < <("\${COMP_WORDS[0]}" completion names 2>/dev/null)
}
_downbeat() {
  local command=\${COMP_WORDS[1]} current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _downbeat_words '${firstWords}'
    return
  fi
${branches(say, (words) => `_downbeat_words '${words.join(' ')}'`)}
}
complete -F _downbeat downbeat
`;
}

function zshScript(): string {
  const say = (offer: Offer): string =>
    ({
      words: () => `compadd -- ${offer.kind === 'words' ? offer.words.join(' ') : ''}`,
      schedules: () => '_downbeat_schedules',
      files: () => '_files',
      directories: () => '_files -/',
      nothing: () => ':',
    })[offer.kind]();
  return `#compdef downbeat
# Completion of downbeat for zsh, after compinit: source <(downbeat completion zsh)
_downbeat_schedules() {
  local -a names
  names=(\${(f)"$(\${words[1]} completion names 2>/dev/null)"})
  compadd -a -- names
}
_downbeat() {
  local command=\${words[2]} current=\${words[CURRENT]} previous=\${words[CURRENT-1]}
  if ((CURRENT == 2)); then
    compadd -- ${firstWords}
    return
  fi
${branches(say, (words) => `compadd -- ${words.join(' ')}`)}
}
compdef _downbeat downbeat
`;
}

function fishScript(): string {
  const names = "'(downbeat completion names 2>/dev/null)'";
  const lines = commands.flatMap((spec) => {
    const within = `-n '__fish_seen_subcommand_from ${spec.name}'`;
    const argument = offerOfArgument(spec);
    return [
      `complete -c downbeat -n __fish_use_subcommand -a ${spec.name} -d ${quoted(spec.summary)}`,
      ...(argument.kind === 'schedules' ? [`complete -c downbeat ${within} -a ${names}`] : []),
      ...(argument.kind === 'words'
        ? [`complete -c downbeat ${within} -a '${argument.words.join(' ')}'`]
        : []),
      ...(argument.kind === 'directories'
        ? [`complete -c downbeat ${within} -a '(__fish_complete_directories)'`]
        : []),
      ...keysOf(spec.name).map((key) => {
        const { name, short, value, describe } = flagOf(key);
        const offer = offerOf(key, spec);
        const takes =
          value === undefined
            ? ''
            : {
                words: (offer: Offer) => ` -x -a '${offer.kind === 'words' ? offer.words.join(' ') : ''}'`,
                schedules: () => ` -x -a ${names}`,
                files: () => ' -r -F',
                directories: () => " -x -a '(__fish_complete_directories)'",
                nothing: () => ' -x',
              }[offer.kind](offer);
        return `complete -c downbeat ${within} -l ${name}${short === undefined ? '' : ` -s ${short}`}${takes} -d ${quoted(describe)}`;
      }),
    ];
  });
  return `# Completion of downbeat for fish: downbeat completion fish | source
complete -c downbeat -f
complete -c downbeat -l help -d 'print the help'
complete -c downbeat -n __fish_use_subcommand -l version -d 'print the version'
complete -c downbeat -n __fish_use_subcommand -a help -d 'print the help of a command'
complete -c downbeat -n '__fish_seen_subcommand_from help' -a '${commandNames.join(' ')}'
${lines.join('\n')}
`;
}

/** `$offers`: what can follow a command and each of its flags; a text where PowerShell completes paths itself. */
function powershellScript(): string {
  const say = (offer: Offer): string =>
    offer.kind === 'words' ? `@(${offer.words.map((word) => `'${word}'`).join(', ')})` : `'${offer.kind}'`;
  const table = commands.flatMap((spec) => [
    `    '${spec.name}' = ${say(offerOfArgument(spec))}`,
    `    '${spec.name} -' = ${say({ kind: 'words', words: longFlags(spec) })}`,
    ...keysOf(spec.name)
      .map((key) => ({ key, flag: flagOf(key) }))
      .filter(({ flag }) => flag.value !== undefined)
      .flatMap(({ key, flag: { name, short } }) =>
        [`--${name}`, ...(short === undefined ? [] : [`-${short}`])].map(
          (typed) => `    '${spec.name} ${typed}' = ${say(offerOf(key, spec))}`,
        ),
      ),
  ]);
  return `# Completion of downbeat for PowerShell: downbeat completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName downbeat -ScriptBlock {
  param($current, $line, $cursor)
  $offers = @{
    '' = ${say({ kind: 'words', words: firstWords.split(' ') })}
    'help' = ${say(helpTakes)}
${table.join('\n')}
  }
  $words = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { "$_" })
  $command = if ($words.Count -gt 1) { $words[1] } else { '' }
  $offer = $offers["$command $($words[-1])"]
  if ($null -eq $offer -and "$current".StartsWith('-')) { $offer = $offers["$command -"] }
  if ($null -eq $offer) { $offer = $offers[$command] }
  if ($offer -is [string] -and $offer -ceq 'schedules') { $offer = @(downbeat completion names 2>$null) }
  if ($offer -is [string]) { return }
  $offer | Where-Object { $_ -and $_.StartsWith("$current") } | ForEach-Object {
    $text = if ($_ -match '^[\\w./-]+$') { $_ } else { "'" + $_.Replace("'", "''") + "'" }
    [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
  }
}
`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
