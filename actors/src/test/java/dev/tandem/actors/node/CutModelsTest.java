package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.actors.protocol.ModelManifest;
import dev.tandem.actors.transport.PieceRef;
import dev.tandem.actors.transport.PieceStore;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.runtime.NativeLibrary;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CutModelsTest {

    private static final String SKELETON = "a".repeat(64);
    private static final String GRAPH = "b".repeat(64);

    @TempDir
    private Path directory = Path.of("");

    @BeforeAll
    static void prepareRuntime() {
        NativeLibrary.prepare(Path.of(System.getProperty("tandem.native.directory")));
    }

    @Test
    void readsAModelAndCutsAPartOfItOnce() throws IOException {
        ModelGraph graph = stored();
        CutModels models = new CutModels(new PieceStore(directory));
        Segment segment = Divisibility.longest(graph, 0, 2).orElseThrow();
        List<ShardRegions> halves = Divisibility.divide(graph, segment, List.of(1.0, 1.0));

        CutModel model = models.of(manifest("m"));
        Files.delete(directory.resolve(SKELETON));

        assertThat(models.of(manifest("m"))).isSameAs(model);
        assertThat(model.graph().layers()).hasSameSizeAs(graph.layers());
        assertThat(model.part(segment, halves.get(0)))
                .isSameAs(model.part(segment, halves.get(0)))
                .isNotSameAs(model.part(segment, halves.get(1)));
        assertThatThrownBy(() -> models.of(manifest("other"))).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void refusesWhatIsNoModel() throws IOException {
        stored();
        Files.writeString(directory.resolve(SKELETON), "not a model");
        CutModels models = new CutModels(new PieceStore(directory));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> models.of(manifest("m")))
                .withMessageContaining("is not an ONNX model");
    }

    private ModelGraph stored() throws IOException {
        Path file = directory.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        ModelPackage folded = ModelFolder.fold(file, FoldOptions.DEFAULTS, directory.resolve("folded"));
        Files.copy(folded.skeleton(), directory.resolve(SKELETON));
        Files.copy(folded.directory().resolve("graph.json"), directory.resolve(GRAPH));
        return folded.graph();
    }

    private static ModelManifest manifest(String name) {
        return new ModelManifest(name, "digest", new PieceRef(SKELETON, 1), new PieceRef(GRAPH, 1));
    }
}
