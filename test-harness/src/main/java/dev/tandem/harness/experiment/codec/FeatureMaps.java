package dev.tandem.harness.experiment.codec;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.rewrite.SegmentExtractor;
import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.ModelSession;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The 32-bit floats that cross cuts of a model for given inputs: what would travel in pipelines. */
public final class FeatureMaps {

    private FeatureMaps() {}

    /**
     * What crosses some cuts, evenly spread over those at which one tensor of floats crosses.
     *
     * @param model in a folder of its own, which submodels are written to
     * @param inputs of the model's only input, native byte order
     * @param most cuts
     */
    public static List<RegionView> of(ModelPackage model, List<ByteBuffer> inputs, int most) throws IOException {
        List<Cut> cuts = model.graph().allowedCuts().stream()
                .filter(cut -> cut.crossing().size() == 1
                        && cut.crossing().get(0).type() == ElementType.FLOAT
                        && cut.position() > 0)
                .toList();
        ModelProto skeleton = ModelProto.parseFrom(Files.readAllBytes(model.skeleton()));
        List<RegionView> maps = new ArrayList<>();
        int count = Math.min(most, cuts.size());
        for (int index = 0; index < count; index++) {
            Segment front = new Segment(
                    0, cuts.get((2 * index + 1) * cuts.size() / (2 * count)).position());
            Path file = SegmentExtractor.extract(skeleton, model.graph(), front)
                    .writeTo(model.directory(), "front-" + front.to() + ".onnx");
            maps.addAll(run(file, inputs));
        }
        return List.copyOf(maps);
    }

    private static List<RegionView> run(Path file, List<ByteBuffer> inputs) {
        List<RegionView> maps = new ArrayList<>();
        CoreGroupSpec core = new CoreGroupSpec("codecs", List.of(0), 1, false);
        Map<String, TensorBuffer> given = new LinkedHashMap<>();
        Map<String, TensorBuffer> results = new LinkedHashMap<>();
        try (ModelSession session = ModelSession.open(file, SessionSettings.of(core))) {
            session.inputs().forEach(input -> given.put(input.name(), TensorBuffer.allocate(input)));
            session.outputs().forEach(output -> results.put(output.name(), TensorBuffer.allocate(output)));
            TensorBuffer only = given.values().iterator().next();
            for (ByteBuffer input : inputs) {
                only.buffer().clear().put(input.duplicate());
                session.run(given, results);
                session.outputs()
                        .forEach(output -> maps.add(copy(output, Objects.requireNonNull(results.get(output.name())))));
            }
        } finally {
            given.values().forEach(TensorBuffer::close);
            results.values().forEach(TensorBuffer::close);
        }
        return maps;
    }

    private static RegionView copy(TensorSpec spec, TensorBuffer result) {
        ByteBuffer content = ByteBuffer.allocateDirect((int) spec.bytes()).order(ByteOrder.nativeOrder());
        content.put(result.buffer().clear()).clear();
        return RegionView.whole(content, spec, Region.WHOLE);
    }
}
