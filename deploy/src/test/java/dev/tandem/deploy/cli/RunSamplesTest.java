package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.deploy.tensor.ImageOptions;
import dev.tandem.deploy.tensor.NpyFile;
import dev.tandem.deploy.tensor.TensorValue;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunSamplesTest {

    private static final TensorSpec IMAGE = new TensorSpec("image", ElementType.FLOAT, List.of(1, 3, 2, 2));
    private static final TensorSpec SCALE = new TensorSpec("scale", ElementType.FLOAT, List.of(1));

    @TempDir
    private Path folder = Path.of("");

    @Test
    void makesASampleOfEveryPicture() throws IOException {
        Path first = picture("a.png");
        Path second = picture("b.png");
        Path scale = npy("scale.npy", TensorValue.ofFloats("x", List.of(1), 7));

        RunSamples samples = RunSamples.of(
                graph(IMAGE, SCALE), List.of(first, second), List.of("scale=" + scale), ImageOptions.DEFAULTS);

        assertThat(samples.size()).isEqualTo(2);
        assertThat(samples.name(1)).endsWith("b.png");
        assertThat(samples.tensors(0)).containsOnlyKeys("image", "scale");
    }

    @Test
    void takesTheNameOfTheOnlyInput() throws IOException {
        Path scale = npy("x.npy", TensorValue.ofFloats("x", List.of(1), Float.NaN));

        RunSamples samples = RunSamples.of(graph(SCALE), List.of(), List.of(scale.toString()), ImageOptions.DEFAULTS);

        assertThat(samples.size()).isEqualTo(1);
        assertThat(samples.tensors(0)).containsOnlyKeys("scale");
        assertThat(samples.notNumbers()).containsExactly("scale");
    }

    @Test
    void refusesPicturesWhereNoOrSeveralInputsAreOpen() throws IOException {
        List<Path> pictures = List.of(picture("a.png"));

        assertThatThrownBy(() -> RunSamples.of(graph(IMAGE, SCALE), pictures, List.of(), ImageOptions.DEFAULTS))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("2 inputs have no --input");
    }

    @Test
    void refusesAnInputWithoutNameWhereThereAreSeveral() {
        assertThatThrownBy(() -> RunSamples.of(graph(IMAGE, SCALE), List.of(), List.of("x.npy"), ImageOptions.DEFAULTS))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("must be NAME=FILE");
    }

    private Path picture(String name) throws IOException {
        Path file = folder.resolve(name);
        ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        return file;
    }

    private Path npy(String name, TensorValue value) throws IOException {
        Path file = folder.resolve(name);
        NpyFile.write(file, value);
        return file;
    }

    private static ModelGraph graph(TensorSpec... inputs) {
        List<TensorSpec> specs = List.of(inputs);
        return new ModelGraph("m", "digest", specs, List.of(), List.of(), Map.of());
    }
}
