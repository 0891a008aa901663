package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.cost.Profile;
import dev.tandem.core.cost.SegmentCosts;
import dev.tandem.inference.onnx.DimensionValues;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfferedModelTest {

    @Test
    void offersWhatElseWasMeasuredAtTheRateOfItsTimes(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        ModelPackage folded = FoldCache.fold(file, DimensionValues.DEFAULTS);
        OfferedModel measured = OfferedModel.measure(folded);
        Profile known = Profile.of(measured.profile().times()).with(new SegmentCosts(1e-5, 1e-9, 2e-9, 1e-6));

        OfferedModel offered = measured.with(known);

        assertThat(offered.profile().profile()).isEqualTo(known);
        assertThat(offered.profile().multiplyAddsPerSecond())
                .isEqualTo(measured.profile().multiplyAddsPerSecond());
    }
}
