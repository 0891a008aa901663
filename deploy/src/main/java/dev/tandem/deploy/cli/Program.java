package dev.tandem.deploy.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a whole: finds the commands, reads the arguments, runs one command, maps failures to exit codes. */
@CommandLine.Command(
        name = "tandem",
        description = {"", "Runs deep neural networks across a cluster of unequal machines as if they were one.", ""},
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = VersionProvider.class,
        footer = {
            "",
            "Start here:",
            "  tandem demo                              a model cut over four members on this machine",
            "  tandem zoo resnet-50 -o resnet50.onnx    write a standard architecture to try things on",
            "  tandem graph resnet50.onnx               see where a model can be cut and divided",
            "  tandem verify resnet50.onnx --nodes 3    prove that the split model computes the same",
            "",
            "'tandem COMMAND --help' explains a command. Environment: TANDEM_LOG_LEVEL (error, warn, info, debug),",
            "TANDEM_JAVA_OPTS (options for the Java virtual machine)."
        })
// Help and version are options that picocli acts upon by their annotations.
@SuppressWarnings("UnusedVariable")
final class Program {

    private static final int HELP_WIDTH = 110;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the versions of Tandem, Java and ONNX Runtime, and exit.")
    private boolean version;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log what happens inside, and show where an error came from.")
    private boolean verbose;

    private Program() {}

    /** Runs one command line; never throws. */
    static ExitCode run(Terminal terminal, String... arguments) {
        Program program = new Program();
        CommandLine line = program.commandLine(terminal);
        try {
            return program.execute(terminal, line.parseArgs(arguments));
        } catch (ParameterException e) {
            Failures.print(terminal, usageMessage(e), e, program.isVerbose());
            terminal.err().println("Try 'tandem" + commandPath(e.getCommandLine()) + " --help'.");
            return ExitCode.USAGE;
        }
    }

    private ExitCode execute(Terminal terminal, ParseResult result) {
        if (CommandLine.printHelpIfRequested(result)) {
            return ExitCode.OK;
        }
        CommandLine last =
                result.asCommandLineList().get(result.asCommandLineList().size() - 1);
        if (!(last.getCommand() instanceof Command command)) {
            last.usage(terminal.err());
            return ExitCode.USAGE;
        }
        Logging.configure(isVerbose());
        try {
            ExitCode code = command.run(terminal);
            terminal.requireWritten();
            return code;
        } catch (ParameterException e) {
            throw e;
        } catch (Throwable e) {
            // Whatever gets out ends the virtual machine with code 1, which means that results differ.
            return Failures.report(terminal, e, isVerbose());
        }
    }

    /** Whether the user wants to see what happens inside. */
    boolean isVerbose() {
        return verbose || Logging.isDebugRequested();
    }

    /** All commands with all their options, for this terminal. */
    static CommandLine all(Terminal terminal) {
        return new Program().commandLine(terminal);
    }

    private CommandLine commandLine(Terminal terminal) {
        CommandLine line = new CommandLine(this);
        commands().forEach(line::addSubcommand);
        line.setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(HELP_WIDTH)
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.isInteractive() ? Ansi.AUTO : Ansi.OFF))
                .setOut(new PrintWriter(terminal.out(), true, Charset.defaultCharset()))
                .setErr(new PrintWriter(terminal.err(), true, Charset.defaultCharset()));
        describe(line.getCommandSpec());
        line.getSubcommands().values().forEach(Program::describeAll);
        return line;
    }

    private static void describeAll(CommandLine line) {
        describe(line.getCommandSpec());
        line.getSubcommands().values().forEach(Program::describeAll);
    }

    /** What is the same on every help page. */
    private static void describe(CommandSpec spec) {
        UsageMessageSpec usage = spec.usageMessage();
        usage.sortOptions(false);
        usage.exitCodeListHeading("%nExit codes:%n").exitCodeList(ExitCode.meanings());
        if (spec.parent() == null) {
            usage.commandListHeading("%nCommands:%n");
        }
        usage.optionListHeading("%nOptions:%n");
    }

    private static List<Command> commands() {
        return ServiceLoader.load(Command.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(command -> position(command)))
                .toList();
    }

    /** The program's own commands in the order of a first visit, others behind them. */
    private static String position(Command command) {
        String name = CommandSpec.forAnnotatedObject(command).name();
        int place = List.of(
                        "demo", "zoo", "graph", "profile", "plan", "verify", "run", "bench", "serve", "status",
                        "reload", "config", "node", "cluster")
                .indexOf(name);
        return (char) ('a' + (place < 0 ? 'z' - 'a' : place)) + name;
    }

    private static String usageMessage(ParameterException exception) {
        if (!(exception instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(exception.getMessage());
        }
        String first = unmatched.getUnmatched().get(0);
        String what = first.startsWith("-")
                ? "unknown option '" + first + "'"
                : exception.getCommandLine().getSubcommands().isEmpty()
                        ? "unexpected argument '" + first + "'"
                        : "unknown command '" + first + "'";
        List<String> suggestions = unmatched.getSuggestions();
        return what + (suggestions.isEmpty() ? "." : ". Maybe " + String.join(" or ", suggestions) + "?");
    }

    private static String commandPath(CommandLine line) {
        return line.getParent() == null ? "" : commandPath(line.getParent()) + " " + line.getCommandName();
    }
}
