package dev.tandem.harness.experiment.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodecTrialTest {

    /** More than a frame of values from 0 to 1. */
    private static RegionView map() {
        TensorSpec spec = new TensorSpec("map", ElementType.FLOAT, List.of(1, 8, 200, 200));
        ByteBuffer content = ByteBuffer.allocateDirect((int) spec.bytes()).order(ByteOrder.nativeOrder());
        Random random = new Random(1);
        while (content.hasRemaining()) {
            content.putFloat(random.nextFloat());
        }
        return RegionView.whole(content.clear(), spec, Region.WHOLE);
    }

    @Test
    void measuresBytesAndErrors() {
        CodecTrial exact = CodecTrial.of("m", Codec.EXACT, List.of(map()), 0.01);
        CodecTrial float16 = CodecTrial.of("m", Codec.FLOAT16, List.of(map()), 0.01);
        CodecTrial int8 = CodecTrial.of("m", Codec.INT8, List.of(map()), 0.01);

        assertThat(exact.ratio()).isEqualTo(1);
        assertThat(exact.largestError()).isZero();
        assertThat(float16.ratio()).isEqualTo(0.5);
        assertThat(float16.largestError()).isBetween(1e-5, 2.5e-4);
        assertThat(int8.ratio()).isBetween(0.25, 0.251);
        assertThat(int8.largestError()).isBetween(0.9 / 510, 1.01 / 510);
        assertThat(int8.rmsError()).isBetween(1e-3, 3e-3);
        assertThat(int8.encodeMegabytesPerSecond()).isPositive();
        assertThat(int8.decodeMegabytesPerSecond()).isPositive();
    }

    @Test
    void writesTablesAndAPage(@TempDir Path folder) throws Exception {
        CodecTrial trial = new CodecTrial("m", "int8", 3, 4000, 0.26, 700, 1900, 2e-3, 1e-3);
        CodedAnswers answer = new CodedAnswers("m", "int8", 200, 150, 149, 198, 250_000);

        CodecPage.write(folder, "tandem experiment codecs", List.of(trial), List.of(answer));

        assertThat(Files.readString(folder.resolve("feature-maps.csv")))
                .endsWith("m,int8,3,4000,0.2600,700,1900,0.00200,0.00100\n");
        assertThat(Files.readString(folder.resolve("answers.csv"))).endsWith("m,int8,200,150,149,198,250000\n");
        assertThat(Files.readString(folder.resolve("codecs.md")))
                .contains("| m | int8 | 0.260 | 700 | 1900 | 2.0e-03 | 1.0e-03 |")
                .contains("| m | int8 | 200 | 99.0 % | 150 | 149 | 0.25 |");
    }
}
