package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.harness.fault.FaultPlayer;
import dev.tandem.harness.fault.FaultRecord;
import dev.tandem.harness.fault.FaultScript;
import dev.tandem.harness.fault.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three machines made of this one serve a model. */
@OnTestbed("examples/testbed/three.conf")
class ServingBedIT {

    private static final long MINUTE = 60;

    @TempDir
    private Path folder = Path.of("");

    private String tandem() {
        return TestbedExtension.home().resolve("bin/tandem").toString();
    }

    @Test
    void servesAModelOnAllNodesWithinTheirLimits(Testbed bed) throws Exception {
        Path model = folder.resolve("mini.onnx");
        run(new ProcessBuilder(tandem(), "zoo", "tandem-mini", "-o", model.toString()));

        String verified = run(bed.client(
                tandem(),
                "verify",
                model.toString(),
                "--nodes",
                "3",
                "--scheme",
                "pipeline",
                "--cluster",
                bed.clusterFile().toString()));

        assertThat(verified).containsPattern("pipeline +3 +3 +1 ").contains("pass");
        assertThat(bed.nodes()).hasSize(3).allSatisfy(node -> {
            assertThat(bed.cpuSeconds(node.name(), "cpu")).isPositive();
            assertThat(bed.memoryPeak(node.name())).isBetween(50L << 20, node.memoryBytes());
            assertThat(bed.memoryKills(node.name())).isZero();
        });
    }

    @Test
    void putsTheThreadsOfEachCoreGroupIntoItsControlGroup(Testbed bed) throws Exception {
        for (BedNode node : bed.nodes()) {
            List<ProcessHandle> members = bed.processes(node.name());
            assertThat(members).hasSize(1);
            awaitOnlyNamed("group-cpu", bed, node.name());
            assertThat(bed.folder().resolve("native/" + node.name())).isNotEmptyDirectory();
        }
    }

    /** Others that a pool starts from there are taken out shortly afterwards. */
    private static void awaitOnlyNamed(String name, Testbed bed, String node) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        List<String> names = names(bed.threads(node, "cpu"));
        while (!Set.copyOf(names).equals(Set.of(name)) && System.nanoTime() < deadline) {
            names = names(bed.threads(node, "cpu"));
        }
        assertThat(names).isNotEmpty().containsOnly(name);
    }

    private static List<String> names(List<Long> threads) throws IOException {
        List<String> names = new ArrayList<>();
        for (long thread : threads) {
            Path comm = Path.of("/proc/" + thread + "/comm");
            if (Files.exists(comm)) {
                names.add(Files.readString(comm).strip());
            }
        }
        return names;
    }

    @Test
    void isFoundByOtherProcessesWhichCannotEndIt(Testbed bed) throws Exception {
        try (Testbed found = Testbed.find("three").orElseThrow()) {
            assertThat(found.nodes()).isEqualTo(bed.nodes());
            found.cut(Set.of("one"), Set.of(Testbed.CLIENT, "two"));
            found.heal();
            found.linkRate("one", LinkShape.megabits(50));
            found.linkRate("one", LinkShape.megabits(100));
            found.share("one", "cpu", 0.3);
            found.share("one", "cpu", 0.6);
        }

        assertThat(bed.members()).allMatch(member -> member.state().isUp());
    }

    /** Of the pipelines of the experiment, three machines can have one with two stages only. */
    @Tag("nightly")
    @Test
    void measuresPlansFromTheClientsPlace(Testbed bed) throws Exception {
        run(bed.client(
                tandem(),
                "experiment",
                "emulated-pipelines",
                "--bed",
                bed.spec().name(),
                "--model",
                "tandem-mini",
                "--rounds",
                "1",
                "--seconds",
                "0.2",
                "--out",
                folder.toString()));

        assertThat(Files.readAllLines(folder.resolve("emulated-pipelines.jsonl")))
                .hasSize(2)
                .allMatch(line -> line.contains("pipeline-2"))
                .anyMatch(line -> line.contains("LATENCY"))
                .anyMatch(line -> line.contains("THROUGHPUT") && !line.contains("\"ideal\":null"));
    }

    @Test
    void failsAtSetTimesAndRecordsIt(Testbed bed) throws Exception {
        Path script = Files.writeString(
                folder.resolve("script.conf"),
                """
                events = [
                  { at = 0s, stop = two }, { at = 100ms, continue = two }
                  { at = 100ms, share { node = two, group = cpu, to = 0.1 } }
                  { at = 100ms, link { node = two, to = 10Mbit/s } }
                  { at = 100ms, medium = 10Mbit/s }
                  { at = 100ms, cut = [two] }, { at = 200ms, heal = true }
                  { at = 200ms, memory { node = two, to = 450MiB } }
                  { at = 200ms, kill = three }, { at = 300ms, restart = three }
                ]
                """);
        Path timeline = folder.resolve("timeline.jsonl");
        long before = bed.processes("three").get(0).pid();

        List<FaultRecord> records;
        try (FaultPlayer player = FaultPlayer.start(bed, FaultScript.read(script), new Timeline(timeline))) {
            records = player.await();
        }

        assertThat(records).hasSize(10).allSatisfy(done -> assertThat(done.startedMillis())
                .isBetween(done.plannedMillis(), done.doneMillis()));
        assertThat(records)
                .filteredOn(done -> !done.failure().isEmpty())
                .singleElement()
                .satisfies(refused -> assertThat(refused.failure()).contains("the network is switched"));
        assertThat(bed.processes("three")).hasSize(1).noneMatch(process -> process.pid() == before);
        assertThat(Files.readAllLines(timeline)).hasSize(10).allMatch(line -> line.startsWith("{\"fault\":\""));
        bed.share("two", "cpu", 0.3);
        bed.linkRate("two", LinkShape.megabits(100));
    }

    private static String run(ProcessBuilder builder) throws IOException, InterruptedException {
        builder.environment().put("TANDEM_NO_BUILD", "1");
        builder.environment().put("TANDEM_CLASS_ARCHIVE", "off");
        Path output = Files.createTempFile("testbed", ".out");
        try {
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(MINUTE, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
            return Files.readString(output);
        } finally {
            Files.delete(output);
        }
    }
}
