package dev.tandem.inference.onnx;

import static dev.tandem.inference.onnx.OnnxModels.graph;
import static dev.tandem.inference.onnx.OnnxModels.model;
import static dev.tandem.inference.onnx.OnnxModels.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Folded models are kept, found again, and made anew when damaged. */
class KeptPackageTest extends FoldedCase {

    @Test
    void keepsAFoldedModelAndFindsItAgain() throws IOException {
        Path model = write(convolution());
        ModelPackage first = ModelFolder.fold(model, FoldOptions.DEFAULTS, directory.resolve("cache"));
        FileTime past = FileTime.fromMillis(0);
        Files.setLastModifiedTime(first.skeleton(), past);

        ModelPackage second = ModelFolder.fold(model, FoldOptions.DEFAULTS, directory.resolve("cache"));

        assertThat(second.directory()).isEqualTo(first.directory());
        assertThat(Files.getLastModifiedTime(second.skeleton())).isEqualTo(past);
        assertThat(packages()).containsExactly(first.directory());
    }

    @Test
    void namesAPackageByTheFileThatItWasFoldedFrom() {
        for (String name : List.of("one", "other")) {
            Path model = OnnxModels.write(directory, name + ".onnx", convolution());

            ModelPackage folded = ModelFolder.fold(model, FoldOptions.DEFAULTS, directory.resolve("cache"));

            assertThat(folded.graph().name()).isEqualTo(name);
        }
    }

    @Test
    void removesWhatAnEndedProcessLeftBehind() throws IOException {
        Path dead = Files.createDirectories(directory.resolve("cache/.fold-1/package"));
        Files.write(dead.resolve("weight"), new byte[3]);

        ModelPackage folded = fold(convolution());

        assertThat(packages()).containsExactly(folded.directory());
    }

    @Test
    void replacesADamagedPackageOnceForSeveralProcesses() throws IOException, InterruptedException {
        Path model = write(convolution());
        Path cache = directory.resolve("cache");
        ModelPackage folded = ModelFolder.fold(model, FoldOptions.DEFAULTS, cache);
        Files.write(folded.file(folded.pieces().get(2)), new byte[5]);

        List<Process> others = List.of(FoldingProcess.start(model, cache), FoldingProcess.start(model, cache));
        ModelFolder.fold(model, FoldOptions.DEFAULTS, cache);

        for (Process other : others) {
            assertThat(other.waitFor()).isZero();
        }
        assertThat(folded.missing()).isEmpty();
        assertThat(packages()).containsExactly(folded.directory());
    }

    @Test
    void refusesModelThatChangesWhileItIsFolded() {
        Path model = write(convolution());
        OnnxFile source = OnnxFile.read(model);
        String digest = source.digest();
        source.requireUnchanged(digest);

        OnnxModels.write(directory, "m.onnx", model(graph(IMAGE, node("Relu", "x", "y"))));

        assertThatThrownBy(() -> source.requireUnchanged(digest))
                .isInstanceOf(ModelRefusedException.class)
                .hasMessageContaining("changed while it was folded");
        assertThatThrownBy(() -> source.requireUnchanged(OnnxFile.read(model).digest()))
                .isInstanceOf(ModelRefusedException.class);
    }

    /** The directories in the cache; its lock is a file. */
    private List<Path> packages() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
            return files.filter(Files::isDirectory).toList();
        }
    }

    @Test
    void makesADamagedPackageAnew() throws IOException {
        Path model = write(convolution());
        ModelPackage folded = ModelFolder.fold(model, FoldOptions.DEFAULTS, directory.resolve("cache"));
        Path weight = folded.file(folded.pieces().get(2));
        Path description = folded.directory().resolve("graph.json");

        Files.write(weight, new byte[5]);
        assertThat(folded.missing()).containsExactly(folded.pieces().get(2));
        ModelFolder.fold(model, FoldOptions.DEFAULTS, directory.resolve("cache"));
        assertThat(folded.missing()).isEmpty();

        byte[] json = Files.readAllBytes(description);
        json[json.length / 2] ^= 0x40;
        Files.write(description, json);
        ModelFolder.fold(model, FoldOptions.DEFAULTS, directory.resolve("cache"));
        assertThat(ModelPackage.open(folded.directory()).graph().layers()).hasSize(1);

        Files.delete(folded.directory().resolve("fold.json"));
        assertThat(ModelFolder.fold(model, FoldOptions.DEFAULTS, directory.resolve("cache"))
                        .missing())
                .isEmpty();
    }

    @Test
    void refusesToOpenADamagedPackage() throws IOException {
        ModelPackage folded = fold(convolution());
        assertThatThrownBy(() -> ModelPackage.open(directory))
                .isInstanceOf(ModelRefusedException.class)
                .hasMessageContaining("is damaged");

        Files.write(folded.skeleton(), new byte[] {1, 2, 3});

        assertThatThrownBy(() -> ModelPackage.open(folded.directory()))
                .isInstanceOf(ModelRefusedException.class)
                .hasMessageContaining("graph.onnx has digest");
    }
}
