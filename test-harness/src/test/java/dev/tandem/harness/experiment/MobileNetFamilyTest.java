package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MobileNetFamilyTest {

    @Test
    void isSkippedWithTheReasonWhereDataIsMissing(@TempDir Path folder) {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> MobileNetFamily.in(Optional.of(folder), "emulated-accuracy"))
                .withMessageContaining("emulated-accuracy is skipped: there is no "
                        + folder.resolve("models/imagenet/mobilenet_v1_0.25_128_fp32.onnx"))
                .satisfies(refusal -> Assertions.assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE));
    }
}
