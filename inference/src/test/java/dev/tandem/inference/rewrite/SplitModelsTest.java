package dev.tandem.inference.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.Scheme;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.onnx.RealModels;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whole models, split in one process: the same outputs as unsplit, int8 to the bit. */
class SplitModelsTest {

    private static final double TOLERANCE = 1e-4;
    private static final SessionSettings SETTINGS = SessionSettings.defaults();
    private static final Set<ZooModel> SMALL =
            EnumSet.of(ZooModel.TANDEM_MINI, ZooModel.MOBILENET_V1_0_25, ZooModel.MOBILENET_V3_LARGE);
    private static final Set<String> SMALL_FILES = Set.of(
            "resnet20_cifar10.onnx",
            "resnet8_cifar10_int8.onnx",
            "mobilenet_v2_1.00_224_int8.onnx",
            "st_mobilenet_v2_0.35_128.onnx",
            "winml_SqueezeNet_fp16.onnx",
            "yunet_n_320_320.onnx",
            "FastestDet.onnx");

    private final Path directory;

    SplitModelsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @TestFactory
    Stream<DynamicTest> smallRealModelsGiveTheSameOutputs() {
        return RealModels.all().stream().filter(SplitModelsTest::isSmall).map(this::realModel);
    }

    @Tag("nightly")
    @TestFactory
    Stream<DynamicTest> otherRealModelsGiveTheSameOutputs() {
        return RealModels.all().stream().filter(model -> !isSmall(model)).map(this::realModel);
    }

    @TestFactory
    Stream<DynamicTest> smallBuiltModelsGiveTheSameOutputs() {
        return SMALL.stream().map(this::builtModel);
    }

    @Tag("nightly")
    @TestFactory
    Stream<DynamicTest> otherBuiltModelsGiveTheSameOutputs() {
        return Arrays.stream(ZooModel.values())
                .filter(model -> !SMALL.contains(model))
                .map(this::builtModel);
    }

    private static boolean isSmall(Path model) {
        return SMALL_FILES.contains(String.valueOf(model.getFileName()));
    }

    private DynamicTest realModel(Path model) {
        return dynamicTest(String.valueOf(model.getFileName()), () -> requireEqualSplits(model));
    }

    private DynamicTest builtModel(ZooModel model) {
        return dynamicTest(model.modelName(), () -> {
            Path file = directory.resolve(model.modelName() + ".onnx");
            model.write(file, ZooOptions.defaults());
            requireEqualSplits(file);
        });
    }

    private void requireEqualSplits(Path model) throws IOException {
        ModelPackage folded = ModelFolder.fold(model, FoldOptions.DEFAULTS, directory);
        ModelGraph graph = folded.graph();
        ModelProto skeleton = ModelProto.parseFrom(Files.readAllBytes(folded.skeleton()));
        Map<String, TensorBuffer> inputs = new LinkedHashMap<>();
        graph.inputs().forEach(input -> inputs.put(input.name(), Runs.random(input, new Random(1))));
        Map<String, TensorBuffer> expected = Runs.run(folded.skeleton(), SETTINGS, inputs);
        assertThat(expected.values()).anyMatch(output -> Runs.range(output) > 0);

        List<String> figures = new ArrayList<>();
        for (Plan plan : plans(graph)) {
            try (InProcessPlan split = InProcessPlan.open(skeleton, graph, plan, folded.directory(), SETTINGS)) {
                Map<String, TensorBuffer> actual = split.run(inputs);
                double worst = largestDifference(actual, expected);
                figures.add(describe(plan) + " " + worst);
                assertThat(worst)
                        .as("%s %s", graph.name(), describe(plan))
                        .isLessThanOrEqualTo(graph.isQuantised() ? 0 : TOLERANCE);
                Runs.close(actual);
            }
        }
        System.out.println(graph.name() + " " + figures);
        assertThat(figures).isNotEmpty();
        Runs.close(inputs);
        Runs.close(expected);
    }

    private static double largestDifference(Map<String, TensorBuffer> actual, Map<String, TensorBuffer> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        double worst = 0;
        for (Map.Entry<String, TensorBuffer> output : actual.entrySet()) {
            TensorBuffer other = Runs.get(expected, output.getKey());
            worst = Math.max(worst, Runs.difference(output.getValue(), other));
        }
        return worst;
    }

    private static List<Plan> plans(ModelGraph graph) {
        Stream<Plan> lines = Stream.of(2, 3, 4)
                .flatMap(parts ->
                        Stream.concat(Splits.pipeline(graph, parts).stream(), Splits.rows(graph, parts).stream()));
        Stream<Plan> divided = Stream.of(Scheme.ROWS, Scheme.GRID, Scheme.CHANNELS, Scheme.BATCH)
                .flatMap(scheme -> Splits.planned(graph, scheme, scheme == Scheme.GRID ? 4 : 2).stream());
        Stream<Plan> overlapped = Splits.planned(graph, Scheme.ROWS, Halo.OVERLAP, 3).stream();
        return Stream.of(lines, divided, overlapped).flatMap(plans -> plans).toList();
    }

    private static String describe(Plan plan) {
        return plan.scheme()
                + plan.lanes().get(0).stages().stream()
                        .map(stage -> stage.segment().from() + "-"
                                + stage.segment().to() + "/" + stage.shards().size())
                        .toList();
    }
}
