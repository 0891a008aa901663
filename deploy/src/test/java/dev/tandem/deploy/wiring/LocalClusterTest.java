package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Real processes, of a member that is up at once; those of the program itself are tried with the commands. */
class LocalClusterTest {

    private static final MemberProgram STAND_IN = MemberProgram.of(StandInMember.class.getName());
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final long MEMORY = 64L << 20;

    @Test
    void leavesNothingBehind() {
        LocalCluster cluster = LocalCluster.start(NodeTemplate.equal(3, 1, MEMORY, List.of(0)), STAND_IN, DEADLINE);
        List<ProcessHandle> processes = cluster.processes();
        Path directory = cluster.directory();

        assertThat(processes).hasSize(3).allMatch(ProcessHandle::isAlive);
        assertThat(cluster.seed()).isEqualTo("127.0.0.1:7355");
        assertThat(cluster.deadMember()).isEmpty();
        cluster.close();
        cluster.close();

        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(directory).doesNotExist();
    }

    @Test
    void givesEveryMemberItsSettings() throws IOException {
        NodeTemplate template = new NodeTemplate(
                "big",
                512L << 20,
                List.of(
                        new NodeTemplate.Group("fast", List.of(0, 1), 2),
                        new NodeTemplate.Group("slow", List.of(2), 1)));

        try (LocalCluster cluster = LocalCluster.start(List.of(template), STAND_IN, DEADLINE)) {
            String settings = Files.readString(cluster.directory().resolve("big.conf"));

            assertThat(settings.replaceAll("\\s", ""))
                    .contains("\"memory\":536870912", "\"cpus\":[0,1]", "\"threads\":2", "\"name\":\"slow\"")
                    .contains("\"host\":\"127.0.0.1\"", "\"port\":0", "\"seeds\":[]");
        }
    }

    @Test
    void saysWhyAMemberDidNotComeUp() {
        List<NodeTemplate> templates = List.of(named("node-1"), named("dies"));

        assertThatThrownBy(() -> LocalCluster.start(templates, STAND_IN, DEADLINE))
                .isInstanceOf(LocalClusterException.class)
                .hasMessageContainingAll("member dies ended with code 7", "out of luck");
        assertThat(ProcessHandle.current().children().filter(LocalClusterTest::isMember))
                .isEmpty();
    }

    @Test
    void givesUpOnAMemberThatIsNeverUp() {
        assertThatThrownBy(() -> LocalCluster.start(List.of(named("silent")), STAND_IN, Duration.ofMillis(300)))
                .isInstanceOf(LocalClusterException.class)
                .hasMessageContaining("member silent was not up");
        assertThat(ProcessHandle.current().children().filter(LocalClusterTest::isMember))
                .isEmpty();
    }

    @Test
    void noticesAMemberThatDies() throws Exception {
        try (LocalCluster cluster =
                LocalCluster.start(NodeTemplate.equal(2, 1, MEMORY, List.of(0)), STAND_IN, DEADLINE)) {
            ProcessHandle second = cluster.processes().get(1);
            second.destroyForcibly();
            second.onExit().get(30, TimeUnit.SECONDS);

            assertThat(cluster.deadMember())
                    .hasValueSatisfying(text -> assertThat(text).contains("node-2 has died"));
        }
    }

    @Test
    void killsAMemberThatDoesNotLeave() {
        LocalCluster cluster = LocalCluster.start(List.of(named("stubborn")), STAND_IN, DEADLINE);
        List<ProcessHandle> processes = cluster.processes();

        cluster.close();

        assertThat(processes).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void membersGoWithAKilledOwner() throws Exception {
        Owner owner = Owner.start();

        owner.process().destroyForcibly();

        for (ProcessHandle member : owner.members()) {
            member.onExit().get(30, TimeUnit.SECONDS);
        }
        assertThat(owner.members()).noneMatch(ProcessHandle::isAlive);
        // Nobody was left to remove the files; the next one to make such a directory does.
        ScratchDirectory.sweep(owner.directory().resolveSibling(""), Duration.ZERO);
        assertThat(owner.directory()).doesNotExist();
    }

    @Test
    void membersAndFilesGoWhenTheOwnerIsInterrupted() throws Exception {
        Owner owner = Owner.start();

        owner.process().destroy();

        assertThat(owner.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(owner.members()).noneMatch(ProcessHandle::isAlive);
        assertThat(owner.directory()).doesNotExist();
    }

    private static NodeTemplate named(String name) {
        return new NodeTemplate(name, MEMORY, List.of(new NodeTemplate.Group("cpu", List.of(0), 1)));
    }

    private static boolean isMember(ProcessHandle process) {
        return process.info()
                .commandLine()
                .filter(line -> line.contains(StandInMember.class.getName()))
                .isPresent();
    }

    private record Owner(Process process, Path directory, List<ProcessHandle> members) {
        static Owner start() throws IOException {
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    ClusterOwner.class.getName());
            builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
            builder.redirectError(ProcessBuilder.Redirect.INHERIT);
            Process process = builder.start();
            try (BufferedReader reader = process.inputReader()) {
                Path directory = Path.of(String.valueOf(reader.readLine()));
                List<ProcessHandle> members = Arrays.stream(
                                String.valueOf(reader.readLine()).split(" "))
                        .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
                        .toList();
                return new Owner(process, directory, members);
            }
        }
    }
}
