package dev.tandem.harness.experiment;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Stage;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.rewrite.SegmentExtractor;
import dev.tandem.inference.runtime.CoreGroupExecutor;
import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.ModelSession;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Segments of a model, each open in plain ONNX Runtime on a CPU of its own, with nothing between them. */
final class BareSegments implements AutoCloseable {

    private final List<Runner> runners = new ArrayList<>();

    private BareSegments() {}

    /** The stages of a plan with one shard each, on these CPUs in order. */
    static BareSegments of(ModelPackage model, Plan plan, Path scratch, List<Integer> cpus) throws IOException {
        ModelProto skeleton = ModelProto.parseFrom(Files.readAllBytes(model.skeleton()));
        BareSegments segments = new BareSegments();
        List<Stage> stages = plan.lanes().get(0).stages();
        for (int stage = 0; stage < stages.size(); stage++) {
            Segment segment = stages.get(stage).segment();
            Path file = SegmentExtractor.extract(skeleton, model.graph(), segment)
                    .writeTo(model.directory(), "bare-" + stage + ".onnx");
            segments.runners.add(new Runner(file, cpus.get(stage)));
        }
        return segments;
    }

    /** The whole model on one CPU. */
    static BareSegments whole(ModelPackage model, int cpu) {
        BareSegments segments = new BareSegments();
        segments.runners.add(new Runner(model.skeleton(), cpu));
        return segments;
    }

    /** Runs all at once for that long; the rate of the slowest. */
    double slowestPerSecond(double seconds) {
        List<CompletableFuture<Double>> rates =
                runners.stream().map(runner -> runner.perSecond(seconds)).toList();
        return rates.stream().mapToDouble(CompletableFuture::join).min().orElseThrow();
    }

    @Override
    public void close() {
        runners.forEach(Runner::close);
    }

    private static final class Runner implements AutoCloseable {
        private final CoreGroupExecutor thread;
        private final ModelSession session;
        private final Map<String, TensorBuffer> inputs = new HashMap<>();
        private final Map<String, TensorBuffer> outputs = new HashMap<>();

        Runner(Path model, int cpu) {
            CoreGroupSpec spec = new CoreGroupSpec("bare-" + cpu, List.of(cpu), 1, true);
            thread = new CoreGroupExecutor(spec);
            session = thread.submit(() -> ModelSession.open(model, SessionSettings.of(spec)))
                    .join();
            session.inputs().forEach(input -> inputs.put(input.name(), TensorBuffer.allocate(input)));
            session.outputs().forEach(output -> outputs.put(output.name(), TensorBuffer.allocate(output)));
        }

        CompletableFuture<Double> perSecond(double seconds) {
            return thread.submit(() -> {
                session.run(inputs, outputs);
                long start = System.nanoTime();
                long runs = 0;
                while (System.nanoTime() - start < seconds * 1e9) {
                    session.run(inputs, outputs);
                    runs++;
                }
                return runs / ((System.nanoTime() - start) / 1e9);
            });
        }

        @Override
        public void close() {
            thread.submit(() -> {
                        session.close();
                        return true;
                    })
                    .join();
            thread.close();
            inputs.values().forEach(TensorBuffer::close);
            outputs.values().forEach(TensorBuffer::close);
        }
    }
}
