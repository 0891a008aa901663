package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading and refusing cluster files. */
class ClusterFileTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void fillsInWhatAShortFileLeavesOut() {
        ClusterFile file = load("cluster.hosts = [ { destination = local }, { destination = \"pi@10.0.0.2\" } ]");

        assertThat(file.name()).isEqualTo("my-boards");
        assertThat(file.install()).isEqualTo("~/.tandem");
        assertThat(file.upTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(file.distribution()).isEmpty();
        assertThat(file.hosts()).extracting(ClusterHost::name).containsExactly("node-1", "node-2");
        assertThat(file.seeds()).containsExactly(new HostPort("127.0.0.1", 7355), new HostPort("10.0.0.2", 7355));
        assertThat(file.hosts()).extracting(ClusterHost::isLocal).containsExactly(true, false);
    }

    @Test
    void readsEveryKey() {
        ClusterFile file = load(
                """
                cluster {
                  name = kitchen, install = /opt/tandem, distribution = "d.tar.gz", up-timeout = 2m, down-timeout = 3s
                  connect-timeout = 4s, ssh-options = ["-p", "2222"]
                  hosts = [{
                    destination = "pi@board", address = "10.0.0.7", port = 7000, name = big
                    launch-with = [nice, "-n", 5], java-home = /opt/java, java-options = "-Xmx128m"
                    tandem.node.memory = 1GiB
                  }]
                }
                tandem.log.level = warn
                """);
        ClusterHost host = file.hosts().get(0);
        Config settings = host.memberSettings(file.seeds(), "/opt/tandem/data", "/opt/tandem/native");

        assertThat(file.distribution()).contains(folder.resolve("d.tar.gz"));
        assertThat(file.sshOptions()).containsExactly("-p", "2222");
        assertThat(file.downTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(file.connectTimeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(host.launchWith()).containsExactly("nice", "-n", "5");
        assertThat(host.javaHome()).isEqualTo("/opt/java");
        assertThat(host.javaOptions()).isEqualTo("-Xmx128m");
        assertThat(settings.getString("tandem.node.name")).isEqualTo("big");
        assertThat(settings.getString("tandem.node.memory")).isEqualTo("1GiB");
        assertThat(settings.getString("tandem.node.data-directory")).isEqualTo("/opt/tandem/data");
        assertThat(settings.getString("tandem.log.level")).isEqualTo("warn");
        assertThat(settings.getString("tandem.network.host")).isEqualTo("10.0.0.7");
        assertThat(settings.getInt("tandem.network.port")).isEqualTo(7000);
        assertThat(settings.getStringList("tandem.network.seeds")).containsExactly("10.0.0.7:7000");
        assertThat(settings.hasPath("cluster")).isFalse();
    }

    @Test
    void ownSettingsOfAHostBeatCommonOnes() {
        ClusterFile file = load(
                """
                tandem.node.memory = 1GiB
                cluster.hosts = [ { destination = local }, { destination = local, port = 2, tandem.node.memory = 2GiB } ]
                """);

        assertThat(file.hosts())
                .extracting(host -> host.settings().getString("tandem.node.memory"))
                .containsExactly("1GiB", "2GiB");
    }

    @Test
    void tellsAllProblemsAtOnceWithTheirLines() {
        List<String> problems = problems(
                """
                cluster {
                  upp-timeout = 5s
                  hosts = [
                    { destination = local, prot = 7000 }
                    { destination = local, port = 70000, tandem.node.memry = 1GiB }
                  ]
                }
                tandem.log.level = loud
                """);

        assertThat(problems).hasSize(5);
        assertThat(problems.get(0)).contains("my boards.conf:2", "cluster.upp-timeout", "Did you mean", "up-timeout");
        assertThat(problems.get(1)).contains(":4", "hosts[0].prot", "Did you mean", "port");
        assertThat(problems.get(2)).contains(":5", "hosts[1].port", "70000", "1 to 65535");
        assertThat(String.join("\n", problems)).contains(":8: tandem.log.level", "error, warn");
        assertThat(String.join("\n", problems)).contains(":5: tandem.node.memry", "Did you mean tandem.node.memory?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cluster.hosts = []|at least one host",
                "cluster { }|expected the key hosts",
                "tandem { }|expected a section",
                "cluster = 5|expected a section",
                "cluster.hosts = [ { port = 7000 } ]|expected the key destination",
                "cluster.hosts = [ { destination = \"-oProxyCommand=x\" } ]|expected an ssh destination",
                "cluster.hosts = [ { destination = local, name = \"a b\" } ]|letters, digits",
                "cluster.hosts = [ { destination = local, port = 0 } ]|1 to 65535",
                "cluster.hosts = [ { destination = local }, { destination = local } ]|no other host has, not 127.0.0.1:7355",
                "cluster.hosts = [ { destination = a, name = x }, { destination = b, name = x } ]|no other host has, not x",
                "cluster { install = \"a;b\", hosts = [ { destination = local } ] }|an absolute folder",
                "cluster { up-timeout = 1ms, hosts = [ { destination = local } ] }|expected a time",
                "cluster { ssh-options = 5, hosts = [ { destination = local } ] }|a list of words",
                "cluster.hosts = [ { destination = local, tandem.network.port = 1 } ]|follows from the keys of the host",
                "cluster.hosts = [ { destination = local, tandem = 5 } ]|expected a section",
                "cluster.hosts = [ { destination = ${nowhere} } ]|expected the name of a setting",
                "cluster { hosts = [|my boards.conf"
            })
    void refuses(String content, String message) {
        assertThat(problems(content)).anySatisfy(problem -> assertThat(problem).contains(message));
    }

    @Test
    void refusesAFileThatIsNotThere() {
        SettingsException failure =
                catchThrowableOfType(SettingsException.class, () -> ClusterFile.load(folder.resolve("none.conf")));

        assertThat(failure).hasMessageContaining("none.conf").hasMessageContaining("expected a cluster file");
    }

    @Test
    void tellsClusterFilesFromSettingsFiles() {
        write("cluster.hosts = []");
        assertThat(ClusterFile.isClusterFile(path())).isTrue();

        write("tandem.node.name = x");
        assertThat(ClusterFile.isClusterFile(path())).isFalse();
        assertThat(ClusterFile.isClusterFile(folder)).isFalse();
    }

    private Path path() {
        return folder.resolve("my boards.conf");
    }

    private void write(String content) {
        try {
            Files.writeString(path(), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ClusterFile load(String content) {
        write(content);
        return ClusterFile.load(path());
    }

    private List<String> problems(String content) {
        write(content);
        return catchThrowableOfType(SettingsException.class, () -> ClusterFile.load(path())).problems().stream()
                .map(SettingsProblem::toString)
                .toList();
    }
}
