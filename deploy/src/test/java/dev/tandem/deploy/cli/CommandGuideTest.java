package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The guide to the commands against what they take. */
class CommandGuideTest {

    private static final Set<String> OF_EVERY_COMMAND = Set.of("--help", "--verbose");

    private static String guide = "";

    @BeforeAll
    static void readGuide() throws IOException {
        guide = Files.readString(Path.of("docs", "commands.md"));
    }

    static Stream<String> commands() {
        return program().getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void namesEveryOptionOfEveryCommand(String command) {
        String section = section(command);

        assertThat(options(Objects.requireNonNull(program().getSubcommands().get(command))))
                .as("options of %s that the guide does not name", command)
                .filteredOn(option -> option.stream().noneMatch(section::contains))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void namesNoOptionThatNoCommandHas(String command) {
        Set<String> known = program().getSubcommands().values().stream()
                .flatMap(each -> options(each).stream())
                .flatMap(List::stream)
                .collect(Collectors.toSet());

        assertThat(Pattern.compile("(?<![\\w-])--[a-z][a-z-]+")
                        .matcher(section(command))
                        .results())
                .as("options that the guide names for %s", command)
                .extracting(MatchResult::group)
                .extracting(option -> option.replaceFirst("^--no-", "--"))
                .isSubsetOf(
                        Stream.concat(known.stream(), OF_EVERY_COMMAND.stream()).toList());
    }

    private static String section(String command) {
        int from = guide.indexOf("\n## " + command + "\n");
        assertThat(from).as("section of the guide on %s", command).isNotNegative();
        int to = guide.indexOf("\n## ", from + 1);
        return guide.substring(from, to < 0 ? guide.length() : to);
    }

    /** The names of each option of a command and of its actions. */
    private static List<List<String>> options(CommandLine command) {
        return Stream.concat(
                        command.getCommandSpec().options().stream()
                                .filter(option -> !option.hidden() && !OF_EVERY_COMMAND.contains(option.longestName()))
                                .map(OptionSpec::names)
                                .map(List::of),
                        command.getSubcommands().values().stream().flatMap(action -> options(action).stream()))
                .toList();
    }

    private static CommandLine program() {
        return Program.all(CapturedTerminal.unwatched().terminal());
    }
}
