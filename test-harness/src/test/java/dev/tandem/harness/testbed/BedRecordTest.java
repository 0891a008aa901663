package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.NodePowerSettings;
import dev.tandem.config.PowerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BedRecordTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void readsWhatWasWrittenWhateverTheRate() throws IOException {
        for (String rate : List.of("1500kbit/s", "1Gbit/s", "40Gbit/s")) {
            Path file = Files.writeString(
                    folder.resolve("fast.conf"),
                    "nodes = [ { name = one, share = 0.5, memory = 600MiB } ], network.rate = " + rate);
            TestbedSpec spec = TestbedSpec.read(file);

            Path bed = Files.createTempDirectory(folder, "bed");
            new BedRecord(spec, new Calibration(List.of(), 0.05, 1), "/home", true).write(bed);

            assertThat(BedRecord.read(bed))
                    .hasValueSatisfying(
                            record -> assertThat(record.spec().network()).isEqualTo(spec.network()));
        }
    }

    @Test
    void readsPowersThatAreNoRoundNumbersInWatts() throws IOException {
        Path file = Files.writeString(
                folder.resolve("power.conf"),
                "nodes = [ { name = one, memory = 600MiB, power { idle = 1.6W, send = 570mW, receive = 0.3mW },"
                        + " core-groups = [ { name = cpu, share = 0.5, power { idle = 0W, busy = 570mW } } ] } ]");

        new BedRecord(TestbedSpec.read(file), new Calibration(List.of(), 0.05, 1), "/home", true).write(folder);

        TestbedSpec.Node node = BedRecord.read(folder).orElseThrow().spec().node("one");
        assertThat(node.power()).isEqualTo(new NodePowerSettings(1.6, 0.57, 0.0003));
        assertThat(node.groups().get(0).power()).contains(new PowerSettings(0, 0.57));
    }

    @Test
    void leavesABedAloneThatItDoesNotUnderstand() throws IOException {
        Files.writeString(
                folder.resolve("bed.json"), "{\"home\":\"/x\",\"keeper\":true,\"calibration\":{\"groups\":[]}}");
        Files.writeString(folder.resolve("bed.conf"), "nodes = none");

        assertThat(BedRecord.read(folder)).isEmpty();
    }
}
