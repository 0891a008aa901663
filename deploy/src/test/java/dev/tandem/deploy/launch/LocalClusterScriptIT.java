package dev.tandem.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.ClusterFile;
import dev.tandem.deploy.launch.Scripts.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real members, started and stopped by {@code bin/tandem-cluster} as processes of this machine. */
class LocalClusterScriptIT {

    @TempDir
    private Path folder = Path.of("");

    private Path file = Path.of("");

    @AfterEach
    void stopAll() {
        launcher().down();
    }

    @Test
    void bringsMembersUpAgainAndDown() throws Exception {
        write(FreePorts.take(3));

        Outcome up = cluster("up", "--json");
        assertThat(up.code()).as(up.err()).isZero();
        assertThat(up.err()).contains("a: measured at", "all 3 members are up");
        assertThat(states(up)).containsExactly("started", "started", "started");
        List<Long> first = pids(up);

        ProcessHandle second = ProcessHandle.of(first.get(1)).orElseThrow();
        second.destroyForcibly();
        second.onExit().get(30, TimeUnit.SECONDS);
        Outcome died = cluster("status");
        assertThat(died.code()).isEqualTo(1);
        assertThat(died.out()).containsPattern("b +local +127\\.0\\.0\\.1:\\d+ +died");

        List<MemberReport> again = launcher().up((name, text) -> {});
        assertThat(again)
                .extracting(MemberReport::state)
                .containsExactly(MemberState.UP, MemberState.STARTED, MemberState.UP);
        assertThat(again.get(0).pid()).isEqualTo(first.get(0));
        assertThat(cluster("logs", "b").out()).contains("node b is up at");
        assertThat(cluster("logs", "a").out())
                .containsPattern(
                        "INFO +Supervisor: node b registered: .*\\R(?s:.*)INFO +Supervisor: node b registered: ");

        Outcome restarted = cluster("restart", "c", "--json");
        assertThat(restarted.code()).as(restarted.err()).isZero();
        assertThat(states(restarted)).containsExactly("started");
        assertThat(restarted.err()).containsSubsequence("c: leaving", "c: measured at");
        Outcome unknown = cluster("restart", "d");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("there is no member 'd' in ", "Members: a, b, c.");

        Outcome down = cluster("down", "--json");
        assertThat(down.code()).isZero();
        assertThat(states(down)).containsExactly("stopped", "stopped", "stopped");
        assertThat(pids(restarted)).noneMatch(LocalClusterScriptIT::isRunning);
        assertThat(again).extracting(MemberReport::pid).noneMatch(LocalClusterScriptIT::isRunning);
    }

    @Test
    void repeatsTheMembersOwnWordsOnAPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            write(List.of(taken.getLocalPort()));

            MemberReport report = launcher().up((name, text) -> {}).get(0);

            assertThat(report.state()).isEqualTo(MemberState.FAILED);
            assertThat(report.reason()).startsWith("cannot listen on 127.0.0.1 port " + taken.getLocalPort());
        }
    }

    private ClusterLauncher launcher() {
        return new ClusterLauncher(ClusterFile.load(file), Scripts.home());
    }

    private void write(List<Integer> ports) throws IOException {
        List<String> hosts = new ArrayList<>();
        for (int port : ports) {
            char name = (char) ('a' + hosts.size());
            hosts.add("{ destination = local, name = " + name + ", port = " + port + " }");
        }
        file = Files.writeString(
                folder.resolve("three.conf"),
                "cluster { install = \"" + folder + "\", hosts = [ " + String.join(", ", hosts) + " ] }\n"
                        + "tandem.node { memory = 64MiB, core-groups = [ { name = cpu, cpus = [0] } ] }\n"
                        + "tandem.runtime.native-directory = \"" + System.getProperty("tandem.native.directory")
                        + "\"\n");
    }

    private Outcome cluster(String action, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(action, file.toString()));
        arguments.addAll(List.of(options));
        return Scripts.run(Map.of(), Scripts.home().resolve("bin/tandem-cluster"), arguments.toArray(new String[0]));
    }

    private static List<String> states(Outcome outcome) throws IOException {
        return members(outcome).stream()
                .map(member -> member.get("state").asText())
                .toList();
    }

    private static List<Long> pids(Outcome outcome) throws IOException {
        return members(outcome).stream()
                .map(member -> member.get("pid").asLong())
                .toList();
    }

    private static List<JsonNode> members(Outcome outcome) throws IOException {
        JsonNode members = new ObjectMapper().readTree(outcome.out()).get("members");
        return StreamSupport.stream(members.spliterator(), false).toList();
    }

    private static boolean isRunning(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .isPresent();
    }
}
