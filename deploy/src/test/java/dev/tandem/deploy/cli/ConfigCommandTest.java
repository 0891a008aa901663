package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {

    private final CapturedTerminal captured = CapturedTerminal.unwatched();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void saysWhatIsWrongWithEachFile() throws IOException {
        Path right = file("right.conf", "tandem.planner.objective = latency");
        Path wrong = file("wrong.conf", "tandem.planner { objective = latencey\n scheme = row }");
        Path cluster = file("boards.conf", "cluster { hosts = [] }");

        assertThat(captured.run("config", "check", right.toString(), wrong.toString(), cluster.toString()))
                .isEqualTo(ExitCode.USAGE);

        assertThat(captured.out())
                .contains(right + ": nothing wrong (a settings file)")
                .contains(wrong + ": 2 wrong")
                .contains(wrong + ":1: tandem.planner.objective = \"latencey\"", "Did you mean latency?")
                .contains(cluster + ": 1 wrong");
    }

    @Test
    void isContentWithWhatIsRight() throws IOException {
        Path right = file("right.conf", "tandem.planner.objective = latency");

        assertThat(captured.run("config", "check", "--json", right.toString())).isEqualTo(ExitCode.OK);
        assertThat(json().get(0).get("right").asBoolean()).isTrue();
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThat(captured.run("config", "check", folder.resolve("none.conf").toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains("none.conf: no such file");
        assertThat(captured.run(
                        "config",
                        "show",
                        "--config",
                        folder.resolve("none.conf").toString()))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void showsEverySettingAndWhereItComesFrom() throws IOException {
        Path file = file("board.conf", "\ntandem.planner.max-nodes = 3");

        assertThat(captured.run("config", "show", "--origin", "--config", file.toString()))
                .isEqualTo(ExitCode.OK);

        assertThat(captured.out().lines())
                .anyMatch(line -> line.matches("tandem.planner.max-nodes +3 +\\Q" + file + "\\E:2 +cluster"))
                .anyMatch(line -> line.matches("tandem.rebalance.horizon +60s +default +cluster"))
                .anyMatch(line -> line.startsWith("tandem.node.power"));
    }

    @Test
    void showsOnlyWhatWasChangedIfAsked() throws IOException {
        Path file = file("board.conf", "tandem.rebalance.horizon = 2m");

        assertThat(captured.run("config", "show", "--changed", "--json", "--config", file.toString()))
                .isEqualTo(ExitCode.OK);

        assertThat(json()).anySatisfy(setting -> {
            assertThat(setting.get("key").asText()).isEqualTo("tandem.rebalance.horizon");
            assertThat(setting.get("value").asText()).isEqualTo("2m");
            assertThat(setting.get("origin").asText()).isEqualTo(file + ":1");
            assertThat(setting.get("takenBy").asText()).isEqualTo("cluster");
        });
        assertThat(json())
                .allSatisfy(setting ->
                        assertThat(setting.get("isDefault").asBoolean()).isFalse());
    }

    @Test
    void needsAnAction() {
        assertThat(captured.run("config")).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains("config needs an action: check or show");
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(captured.out());
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
