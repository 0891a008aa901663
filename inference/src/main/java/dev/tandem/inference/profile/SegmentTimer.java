package dev.tandem.inference.profile;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.rewrite.SegmentExtractor;
import dev.tandem.inference.rewrite.SegmentModel;
import dev.tandem.inference.runtime.ModelSession;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Times segments, and shards of them, as a member of a cluster would run them: taken out of the model, opened with a core
 * group's settings, run from buffers into buffers. Use it on the thread of the core group.
 */
final class SegmentTimer {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentTimer.class);
    private static final long SEED = 1;
    private static final String SAMPLE = ".sample-";

    private final ModelPackage model;
    private final ModelProto skeleton;
    private final SessionSettings settings;

    SegmentTimer(ModelPackage model, SessionSettings settings) {
        this.model = model;
        this.settings = settings;
        try {
            removeLeftovers(model.directory());
            this.skeleton = ModelProto.parseFrom(Files.readAllBytes(model.skeleton()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + model.skeleton(), e);
        }
    }

    /** The segment with all its rows; the caller closes it. */
    Opened open(Segment segment) {
        return open(segment, new ShardRegions(Map.of(), Map.of()));
    }

    /** A shard of the segment; the caller closes it. */
    Opened open(Segment segment, ShardRegions regions) {
        return open(SegmentExtractor.extract(skeleton, model.graph(), segment, regions));
    }

    /** Weights must lie beside the model while it is opened, so it is written to their directory for that time. */
    private Opened open(SegmentModel part) {
        String name = SAMPLE + ProcessHandle.current().pid() + "-" + UUID.randomUUID() + ".onnx";
        try {
            Path file = part.writeTo(model.directory(), name);
            try {
                return Opened.of(file, settings);
            } finally {
                delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a part of the model to " + model.directory(), e);
        }
    }

    /** What cannot be deleted must not cost the session that was opened from it; the next profile removes it. */
    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted", file, e);
        }
    }

    /** What processes have left that were killed while they opened a sample. */
    private static void removeLeftovers(Path directory) throws IOException {
        try (DirectoryStream<Path> samples = Files.newDirectoryStream(directory, SAMPLE + "*")) {
            for (Path sample : samples) {
                if (!isOfLivingProcess(sample.getFileName().toString())) {
                    Files.deleteIfExists(sample);
                }
            }
        }
    }

    private static boolean isOfLivingProcess(String name) {
        String rest = name.substring(SAMPLE.length());
        int end = rest.indexOf('-');
        return end > 0
                && rest.chars().limit(end).allMatch(Character::isDigit)
                && ProcessHandle.of(Long.parseLong(rest.substring(0, end))).isPresent();
    }

    /** A session with inputs and outputs, which it owns. */
    static final class Opened implements AutoCloseable {
        private final ModelSession session;
        private final Map<String, TensorBuffer> inputs = new HashMap<>();
        private final Map<String, TensorBuffer> outputs = new HashMap<>();

        private Opened(ModelSession session) {
            this.session = session;
        }

        static Opened of(Path file, SessionSettings settings) {
            Opened opened = new Opened(ModelSession.open(file, settings));
            try {
                allocate(opened.session.inputs(), opened.inputs);
                allocate(opened.session.outputs(), opened.outputs);
                Random random = new Random(SEED);
                opened.inputs.values().forEach(input -> fill(input, random));
                return opened;
            } catch (RuntimeException | OutOfMemoryError e) {
                opened.close();
                throw e;
            }
        }

        Timing time(TimedRuns runs) {
            return runs.time(() -> session.run(inputs, outputs));
        }

        @Override
        public void close() {
            try {
                session.close();
            } finally {
                inputs.values().forEach(TensorBuffer::close);
                outputs.values().forEach(TensorBuffer::close);
            }
        }
    }

    private static void allocate(List<TensorSpec> specs, Map<String, TensorBuffer> buffers) {
        specs.forEach(spec -> buffers.put(spec.name(), TensorBuffer.allocate(spec)));
    }

    /** Other types stay zero: integers may be indices. */
    private static void fill(TensorBuffer input, Random random) {
        if (input.spec().type() == ElementType.FLOAT) {
            ByteBuffer content = input.buffer();
            while (content.hasRemaining()) {
                content.putFloat(random.nextFloat());
            }
        }
    }
}
