package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;

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
    void leavesABedAloneThatItDoesNotUnderstand() throws IOException {
        Files.writeString(
                folder.resolve("bed.json"), "{\"home\":\"/x\",\"keeper\":true,\"calibration\":{\"groups\":[]}}");
        Files.writeString(folder.resolve("bed.conf"), "nodes = none");

        assertThat(BedRecord.read(folder)).isEmpty();
    }
}
