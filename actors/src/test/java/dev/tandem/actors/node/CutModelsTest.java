package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.actors.node.CutModel.Part;
import dev.tandem.actors.protocol.ModelManifest;
import dev.tandem.actors.transport.PieceRef;
import dev.tandem.actors.transport.PieceStore;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Divisibility;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.rewrite.SegmentModel;
import dev.tandem.inference.runtime.NativeLibrary;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    void readsAModelOnce() throws IOException {
        ModelGraph graph = stored();
        CutModels models = new CutModels(new PieceStore(directory));
        CutModel model = models.of(manifest("m"));
        Files.delete(directory.resolve(SKELETON));

        assertThat(models.of(manifest("m"))).isSameAs(model);
        assertThat(model.graph().layers()).hasSameSizeAs(graph.layers());
        assertThatThrownBy(() -> models.of(manifest("other"))).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void cutsAPartOnceForPlansOneAfterTheOther() throws IOException {
        ModelGraph graph = stored();
        CutModel model = new CutModels(new PieceStore(directory)).of(manifest("m"));
        List<Part> many = parts(graph, 40);

        Map<Part, SegmentModel> first = model.cut(many);

        assertThat(first).hasSize(40);
        assertThat(model.cut(many)).allSatisfy((part, cut) -> assertThat(cut).isSameAs(first.get(part)));
        assertThat(cut(model, many.get(0))).isSameAs(first.get(many.get(0)));
        assertThat(model.cut(many)).allSatisfy((part, cut) -> assertThat(cut).isSameAs(first.get(part)));
    }

    @Test
    void forgetsWhatTheLastTwoPlansDoNotHave() throws IOException {
        ModelGraph graph = stored();
        CutModel model = new CutModels(new PieceStore(directory)).of(manifest("m"));
        Part one = parts(graph, 3).get(0);
        Part two = parts(graph, 3).get(1);
        Part three = parts(graph, 3).get(2);
        SegmentModel first = cut(model, one);
        SegmentModel second = cut(model, two);

        SegmentModel third = cut(model, three);

        assertThat(cut(model, two)).isSameAs(second);
        assertThat(cut(model, one)).isNotSameAs(first);
        assertThat(cut(model, two)).isSameAs(second);
        assertThat(cut(model, three)).isNotSameAs(third);
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

    private static SegmentModel cut(CutModel model, Part part) {
        return Objects.requireNonNull(model.cut(List.of(part)).get(part));
    }

    /** As many parts, all different, of the model's beginning. */
    private static List<Part> parts(ModelGraph graph, int count) {
        List<Part> parts = new ArrayList<>();
        Segment segment = new Segment(0, 1);
        for (int shards = 2; parts.size() < count; shards++) {
            Divisibility.divide(graph, segment, Collections.nCopies(shards, 1.0)).stream()
                    .map(regions -> new Part(segment, regions))
                    .filter(part -> !parts.contains(part))
                    .forEach(parts::add);
        }
        return parts.subList(0, count);
    }

    private static ModelManifest manifest(String name) {
        return new ModelManifest(name, "digest", new PieceRef(SKELETON, 1), new PieceRef(GRAPH, 1));
    }
}
