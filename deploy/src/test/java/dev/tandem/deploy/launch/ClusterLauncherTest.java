package dev.tandem.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.node.BuildVersion;
import dev.tandem.config.ClusterFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting, watching and stopping stand-ins for members, on this machine and through a stand-in for ssh. */
class ClusterLauncherTest {

    @TempDir
    private Path folder = Path.of("");

    private Path home = Path.of("");
    private Optional<ClusterLauncher> launcher = Optional.empty();

    @BeforeEach
    void makeProgram() {
        home = StandInProgram.in(folder.resolve("the program"));
    }

    @AfterEach
    void stopAll() {
        launcher.ifPresent(ClusterLauncher::down);
    }

    @Test
    void startsWhatIsMissingAndStopsWhatRuns() throws Exception {
        ClusterLauncher cluster =
                cluster("{ destination = local, name = a }", "{ destination = local, port = 2, name = b }");

        assertThat(states(cluster.status())).containsExactly(MemberState.DOWN, MemberState.DOWN);
        List<MemberReport> first = up(cluster);
        assertThat(states(first)).containsExactly(MemberState.STARTED, MemberState.STARTED);
        assertThat(states(up(cluster))).containsExactly(MemberState.UP, MemberState.UP);
        assertThat(cluster.status()).extracting(MemberReport::pid).isEqualTo(pids(first));

        kill(first.get(1).pid());
        MemberReport died = cluster.status().get(1);
        assertThat(died.state()).isEqualTo(MemberState.DIED);
        assertThat(died.reason()).contains("without having been asked to");
        assertThat(states(up(cluster))).containsExactly(MemberState.UP, MemberState.STARTED);

        assertThat(states(cluster.down())).containsExactly(MemberState.STOPPED, MemberState.STOPPED);
        assertThat(states(cluster.down())).containsExactly(MemberState.DOWN, MemberState.DOWN);
        assertThat(pids(first)).noneMatch(ClusterLauncherTest::isRunning);
    }

    @Test
    void saysWhichMembersFailedAndWhyWhileOthersRun() {
        ClusterLauncher cluster = cluster(
                "{ destination = local, name = good }",
                "{ destination = local, port = 2, name = dies }",
                "{ destination = local, port = 3, name = silent }",
                "{ destination = local, port = 4, name = unmeasured }");

        List<MemberReport> reports = up(cluster);

        assertThat(states(reports))
                .containsExactly(MemberState.STARTED, MemberState.FAILED, MemberState.FAILED, MemberState.FAILED);
        assertThat(reports.get(1).reason()).isEqualTo("cannot listen on 127.0.0.1 port 7355: Address already in use.");
        assertThat(reports.get(1).log()).anyMatch(line -> line.contains("options: none"));
        assertThat(reports.get(2).reason()).contains("not up after 1 s", "cluster.up-timeout");
        assertThat(reports.get(3).reason()).contains("not measured after 1 s");
        assertThat(cluster.status().get(3).state()).isEqualTo(MemberState.STARTING);
    }

    @Test
    void killsAMemberThatDoesNotLeave() {
        ClusterLauncher cluster = cluster("{ destination = local, name = stubborn }");
        long pid = up(cluster).get(0).pid();

        MemberReport report = cluster.down().get(0);

        assertThat(report.state()).as(report.reason()).isEqualTo(MemberState.KILLED);
        assertThat(report.notes()).singleElement().asString().contains("did not leave within 1 s");
        assertThat(isRunning(pid)).isFalse();
    }

    @Test
    void restartsOneAfterTheOther() {
        String[] hosts = {
            "{ destination = local, name = a }", "{ destination = local, port = 2, name = b }",
        };
        ClusterLauncher cluster = cluster(hosts);
        List<MemberReport> first = up(cluster);
        ConcurrentLinkedQueue<String> progress = new ConcurrentLinkedQueue<>();

        List<MemberReport> again = cluster.restart(file(hosts).hosts(), (name, text) -> progress.add(name));

        assertThat(states(again)).containsExactly(MemberState.STARTED, MemberState.STARTED);
        assertThat(pids(again)).doesNotContainAnyElementsOf(pids(first));
        assertThat(pids(first)).noneMatch(ClusterLauncherTest::isRunning);
        assertThat(String.join("", progress)).matches("a+b+");
    }

    @Test
    void leavesTheOthersAloneWhenOneDoesNotComeUpAgain() {
        String[] hosts = {
            "{ destination = local, name = a }",
            "{ destination = local, port = 2, name = dies }",
            "{ destination = local, port = 3, name = c }",
        };
        ClusterLauncher cluster = cluster(hosts);
        List<MemberReport> first = up(cluster);

        List<MemberReport> again = cluster.restart(file(hosts).hosts(), (name, text) -> {});

        assertThat(states(again)).containsExactly(MemberState.STARTED, MemberState.FAILED);
        assertThat(isRunning(first.get(2).pid())).isTrue();
    }

    @Test
    void saysThatChangedSettingsNeedARestart() {
        up(cluster("{ destination = local, name = a }"));

        MemberReport report = up(cluster("{ destination = local, name = a, tandem.node.memory = 1GiB }"))
                .get(0);

        assertThat(report.state()).isEqualTo(MemberState.UP);
        assertThat(report.notes()).singleElement().asString().contains("settings have changed", "'restart'");
    }

    @Test
    void doesNotTakeAnotherProcessForTheMember() throws IOException {
        ClusterLauncher cluster = cluster("{ destination = local, name = a }");
        Path member = Files.createDirectories(folder.resolve("install/clusters/c/a"));
        Files.writeString(
                member.resolve("pid"), Long.toString(ProcessHandle.current().pid()));

        assertThat(cluster.status().get(0).state()).isEqualTo(MemberState.DIED);
        assertThat(cluster.down().get(0).state()).isEqualTo(MemberState.DOWN);
    }

    @Test
    void givesTheMemberWhatItsHostAsksFor() {
        ClusterLauncher cluster = cluster("{ destination = local, name = a, java-home = \"/opt/it's java\","
                + " java-options = \"-Xmx1m $HOME\", launch-with = [env, \"PREFIX=a b\"] }");

        up(cluster);

        assertThat(log(cluster, 5)).containsExactly("a options: -Xmx1m $HOME, java: /opt/it's java, prefix: a b");
    }

    @Test
    void saysThatThereIsNoLogYet() {
        ClusterLauncher cluster = cluster("{ destination = local, name = a }");

        List<String> failures =
                cluster.logs(file("{ destination = local, name = a }").hosts(), 5, false, (name, line) -> {});

        assertThat(failures).singleElement().asString().contains("a: there is no log", "never started");
    }

    @Test
    void copiesTheProgramOnceAndRunsItThere() throws Exception {
        archive();
        String[] hosts = {
            "{ destination = \"pi@board\", name = a }", "{ destination = \"pi@board\", port = 2, name = b }"
        };

        List<String> progress = progress(cluster(hosts));
        assertThat(progress)
                .filteredOn(text -> text.endsWith("copied the program"))
                .hasSize(1);
        assertThat(cluster(hosts).status()).allMatch(report -> report.state() == MemberState.UP);
        assertThat(folder.resolve("install/program"))
                .isDirectoryContaining(path -> path.toString().contains("0.1.0-"));
        cluster(hosts).down();
        assertThat(progress(cluster(hosts))).noneMatch(text -> text.endsWith("copied the program"));
    }

    @Test
    void refusesAnArchiveThatArrivesIncomplete() throws Exception {
        archive();

        MemberReport report =
                up(cluster("{ destination = \"pi@garbled\", name = a }")).get(0);

        assertThat(report.state()).isEqualTo(MemberState.FAILED);
        assertThat(report.reason()).contains("SHA-256", "expected");
        assertThat(folder.resolve("install/program")).isEmptyDirectory();
    }

    @Test
    void saysThatThereIsNoArchive() {
        MemberReport report =
                up(cluster("{ destination = \"pi@board\", name = a }")).get(0);

        assertThat(report.state()).isEqualTo(MemberState.FAILED);
        assertThat(report.reason()).contains("there is no distribution archive", "mvn -Pfast");
    }

    @Test
    void saysWhyAHostCannotBeReached() throws Exception {
        archive();
        ClusterLauncher cluster =
                cluster("{ destination = \"pi@unreachable\", name = a }", "{ destination = \"pi@changed\", name = b }");

        assertThat(up(cluster)).allMatch(report -> report.state() == MemberState.FAILED);
        List<MemberReport> reports = cluster.status();
        assertThat(states(reports)).containsExactly(MemberState.UNREACHABLE, MemberState.UNREACHABLE);
        assertThat(reports.get(0).reason()).contains("no route", "No route to host");
        assertThat(reports.get(1).reason()).contains("host key", "ssh pi@changed");
    }

    @Test
    void saysThatThereIsNoSsh() {
        ClusterLauncher cluster = new ClusterLauncher(
                file("{ destination = board, name = a }"),
                home,
                folder.resolve("none").toString());

        assertThat(cluster.status().get(0).reason()).contains("cannot be started", "Maybe install the OpenSSH client");
    }

    /** An archive like the real one, in which the program is the stand-in. */
    private void archive() throws Exception {
        String name = "tandem-" + BuildVersion.text();
        StandInProgram.in(folder.resolve(name));
        Process tar = new ProcessBuilder("tar", "-czf", home + "/../" + name + ".tar.gz", "-C", folder.toString(), name)
                .inheritIO()
                .start();
        assertThat(tar.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(tar.exitValue()).isZero();
    }

    private ClusterFile file(String... hosts) {
        try {
            Path file = Files.writeString(
                    folder.resolve("c.conf"),
                    "cluster { up-timeout = 1s, down-timeout = 1s, install = \"" + folder + "/install\", hosts = [ "
                            + String.join(", ", hosts) + " ] }");
            return ClusterFile.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ClusterLauncher cluster(String... hosts) {
        ClusterLauncher cluster = new ClusterLauncher(file(hosts), home, StandInProgram.ssh(folder));
        launcher = Optional.of(cluster);
        return cluster;
    }

    private static List<MemberReport> up(ClusterLauncher cluster) {
        return cluster.up((name, text) -> {});
    }

    private static List<String> progress(ClusterLauncher cluster) {
        ConcurrentLinkedQueue<String> progress = new ConcurrentLinkedQueue<>();
        assertThat(cluster.up((name, text) -> progress.add(name + " " + text)))
                .as("members of %s", progress)
                .allMatch(report -> report.state().isUp());
        return List.copyOf(progress);
    }

    private List<String> log(ClusterLauncher cluster, int lines) {
        ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
        List<String> failures = cluster.logs(
                file("{ destination = local, name = a }").hosts(),
                lines,
                false,
                (name, line) -> log.add(name + " " + line));
        assertThat(failures).isEmpty();
        return List.copyOf(log);
    }

    private static List<MemberState> states(List<MemberReport> reports) {
        return reports.stream().map(MemberReport::state).toList();
    }

    private static List<Long> pids(List<MemberReport> reports) {
        return reports.stream().map(MemberReport::pid).toList();
    }

    private static void kill(long pid) throws Exception {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().get(10, TimeUnit.SECONDS);
    }

    /** A killed process may wait for long to be collected by its parent where that is a poor init. */
    private static boolean isRunning(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .isPresent();
    }
}
