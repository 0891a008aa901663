package dev.tandem.harness.bench;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.transport.FrameHeader;
import dev.tandem.actors.transport.IndexedEdge;
import dev.tandem.actors.transport.PieceInbox;
import dev.tandem.actors.transport.Route;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.actors.transport.TensorFrameSerializer;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Edge;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import dev.tandem.inference.runtime.CoreGroupExecutor;
import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.ModelSession;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a shard takes for one request beside computing: collecting the two halves of its input, the call into the runtime,
 * slicing and writing its output, and the hops between actors and the core group's thread. Microseconds, with bytes that are
 * allocated.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx512m"})
public class ShardBenchmark {

    private static final int CHANNELS = 32;
    private static final int COLUMNS = 32;
    private static final int FRAME_BYTES = 1 << 20;
    private static final long NEVER = Long.MAX_VALUE;
    private static final RequestId REQUEST = new RequestId(1, 2);

    /** A feature map of which two producers have half the rows each, and the consumer that collects it. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // set up by JMH
    public static class Pieces {

        /** Of the map: 8, 128 and 2,048 KiB. */
        @Param({"2", "32", "512"})
        public int rows;

        private final TensorFrameSerializer serializer = new TensorFrameSerializer();
        private final ByteBuffer wire = ByteBuffer.allocateDirect(2 * FRAME_BYTES);
        private TensorSpec map;
        private RegionView produced;
        private PieceInbox inbox;
        private List<List<byte[]>> written;
        private long sequence;

        @Setup
        public void make() {
            map = new TensorSpec("map", ElementType.FLOAT, List.of(1, CHANNELS, rows, COLUMNS));
            produced = RegionView.whole(direct(map), map, Region.WHOLE);
            RegionView target = RegionView.whole(direct(map), map, Region.WHOLE);
            inbox = new PieceInbox(0, 0, edges(), 2, request -> Map.of(0, target.view(half(0)), 1, target.view(half(1))));
            written = List.of(frames(0, FRAME_BYTES), frames(1, FRAME_BYTES)).stream()
                    .map(frames -> frames.stream().map(this::write).toList())
                    .toList();
        }

        private static ByteBuffer direct(TensorSpec spec) {
            return ByteBuffer.allocateDirect((int) spec.bytes());
        }

        private Region half(int which) {
            return Region.rows(which * rows / 2, (which + 1) * rows / 2);
        }

        private List<IndexedEdge> edges() {
            List<IndexedEdge> edges = new ArrayList<>();
            for (int edge = 0; edge < 2; edge++) {
                edges.add(new IndexedEdge(
                        edge, new Edge("map", new Endpoint(0, edge), new Endpoint(1, 0), half(edge), Codec.EXACT)));
            }
            return edges;
        }

        private List<TensorFrame> frames(int edge, int frameBytes) {
            FrameHeader header = FrameHeader.of(new Route(0, 0, edge), REQUEST, sequence, NEVER, half(edge));
            return TensorFrame.frames(header, produced.view(half(edge)), frameBytes);
        }

        private byte[] write(TensorFrame frame) {
            serializer.toBinary(frame, wire.clear());
            byte[] bytes = new byte[wire.flip().remaining()];
            wire.get(bytes);
            return bytes;
        }

        private void collect(List<TensorFrame> frames) {
            frames.forEach(frame -> inbox.accept(frame).ifPresent(broken -> {
                throw new IllegalStateException(broken.toString());
            }));
        }

        private void release() {
            inbox.release(sequence);
            sequence++;
        }
    }

    /** Two halves that arrive by reference, copied into place. */
    @Benchmark
    public void collectWithinProcess(Pieces pieces) {
        pieces.collect(pieces.frames(0, Integer.MAX_VALUE));
        pieces.collect(pieces.frames(1, Integer.MAX_VALUE));
        pieces.release();
    }

    /** Two halves sliced, written with checksums as they go to other nodes. */
    @Benchmark
    public void sliceAndWrite(Pieces pieces) {
        for (int edge = 0; edge < 2; edge++) {
            for (TensorFrame frame : pieces.frames(edge, FRAME_BYTES)) {
                pieces.serializer.toBinary(frame, pieces.wire.clear());
            }
        }
    }

    /** Two halves read as they come from other nodes. */
    @Benchmark
    public List<Object> read(Pieces pieces) throws NotSerializableException {
        List<Object> frames = new ArrayList<>();
        for (List<byte[]> edge : pieces.written) {
            for (byte[] frame : edge) {
                frames.add(pieces.serializer.fromBinary(frame, "f1"));
            }
        }
        return frames;
    }

    /** A model that computes next to nothing, and the core group's thread. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // set up by JMH
    public static class Session {

        private final TensorSpec spec = new TensorSpec("x", ElementType.FLOAT, List.of(1));
        private final TensorBuffer input = TensorBuffer.allocate(spec);
        private final TensorBuffer output = TensorBuffer.allocate(spec);
        private CoreGroupExecutor executor;
        private ModelSession session;
        private Map<String, TensorBuffer> inputs;
        private Map<String, TensorBuffer> outputs;

        @Setup
        public void open() throws IOException {
            Path file = Files.createTempFile("tandem-bench", ".onnx");
            Files.write(file, relu().toByteArray());
            session = ModelSession.open(file, SessionSettings.defaults());
            Files.delete(file);
            executor = new CoreGroupExecutor(new CoreGroupSpec("bench", List.of(), 1, false));
            inputs = Map.of("x", input);
            outputs = Map.of("y", output);
        }

        @TearDown(Level.Trial)
        public void close() {
            executor.close();
            session.close();
            input.close();
            output.close();
        }

        private static ModelProto relu() {
            NodeProto relu = NodeProto.newBuilder()
                    .setOpType("Relu")
                    .addInput("x")
                    .addOutput("y")
                    .build();
            return ModelProto.newBuilder()
                    .setIrVersion(8)
                    .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                    .setGraph(GraphProto.newBuilder()
                            .setName("relu")
                            .addNode(relu)
                            .addInput(number("x"))
                            .addOutput(number("y")))
                    .build();
        }

        private static ValueInfoProto number(String name) {
            TypeProto.Tensor.Builder type = TypeProto.Tensor.newBuilder()
                    .setElemType(TensorProto.DataType.FLOAT.getNumber())
                    .setShape(TensorShapeProto.newBuilder()
                            .addDim(Dimension.newBuilder().setDimValue(1)));
            return ValueInfoProto.newBuilder()
                    .setName(name)
                    .setType(TypeProto.newBuilder().setTensorType(type))
                    .build();
        }
    }

    /** The call into the runtime and back, from the thread that computes. */
    @Benchmark
    public void call(Session session) {
        session.session.run(session.inputs, session.outputs);
    }

    /** To the core group's thread and back, with nothing to do there. */
    @Benchmark
    public Object handOver(Session session) {
        return session.executor.submit(() -> session).join();
    }

    /** An actor that answers each message. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // set up by JMH
    public static class Actor {

        private final BlockingQueue<Object> answers = new ArrayBlockingQueue<>(1);
        private ActorSystem<Object> system;

        @Setup
        public void start() {
            system = ActorSystem.create(echo(answers), "bench");
        }

        @TearDown(Level.Trial)
        public void stop() {
            system.terminate();
        }

        private static Behavior<Object> echo(BlockingQueue<Object> answers) {
            return Behaviors.receiveMessage(message -> {
                answers.add(message);
                return Behaviors.same();
            });
        }
    }

    /** To an actor on another thread and back. */
    @Benchmark
    public Object message(Actor actor) throws InterruptedException {
        actor.system.tell(REQUEST);
        return actor.answers.take();
    }
}
