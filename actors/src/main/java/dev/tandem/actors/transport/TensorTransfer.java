package dev.tandem.actors.transport;

import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.transport.PieceAssembler.Broken;
import dev.tandem.actors.transport.PieceAssembler.Complete;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The whole tensors of one request, on their way between an application and a gateway: the same frames as between shards,
 * with the attempt as the lane and the tensor's place in the list as the edge of a route that belongs to no plan.
 *
 * <p>Nothing is coded here: applications get the very values that the gateway has. The receiving end puts the frames together on the heap. Threading: one thread at a time.
 */
public final class TensorTransfer {

    /** Of frames that belong to no plan: plans count from 1. */
    static final long NO_EPOCH = 0;

    private static final long NO_SEQUENCE = 0;

    private final List<Tensor> tensors = new ArrayList<>();
    private final List<PieceAssembler> assemblers = new ArrayList<>();
    private int missing;

    /**
     * The receiving end.
     *
     * @param attempt number of the attempt whose frames count; a request that is sent again has another
     * @param specs of the tensors that will come, in the order in which they were given to {@link #frames}; none larger
     *     than a buffer can be, see {@link #bytes}
     */
    public TensorTransfer(int attempt, List<TensorSpec> specs) {
        missing = specs.size();
        for (TensorSpec spec : specs) {
            ByteBuffer buffer =
                    ByteBuffer.allocate(Math.toIntExact(spec.bytes())).order(ByteOrder.nativeOrder());
            tensors.add(Tensor.of(spec, buffer.duplicate()));
            assemblers.add(new PieceAssembler(
                    route(attempt, assemblers.size()), NO_SEQUENCE, RegionView.whole(buffer, spec, Region.WHOLE)));
        }
    }

    /** Bytes that tensors of these specs take; empty when one of them is larger than a buffer can be. */
    public static OptionalLong bytes(List<TensorSpec> specs) {
        try {
            long total = 0;
            for (TensorSpec spec : specs) {
                long bytes =
                        Math.multiplyExact(spec.elements(), (long) spec.type().bytes());
                total += Math.toIntExact(bytes);
            }
            return OptionalLong.of(total);
        } catch (ArithmeticException tooLarge) {
            return OptionalLong.empty();
        }
    }

    /**
     * The frames of some tensors, in the order in which they must be sent.
     *
     * @param attempt number of the attempt that they belong to
     * @param tensors left unchanged until the frames have been sent
     * @param deadlineEpochMillis by the sender's clock
     * @param frameBytes largest payload of a frame
     */
    public static List<TensorFrame> frames(
            RequestId request, int attempt, List<Tensor> tensors, long deadlineEpochMillis, int frameBytes) {
        List<TensorFrame> frames = new ArrayList<>();
        for (int index = 0; index < tensors.size(); index++) {
            Tensor tensor = tensors.get(index);
            RegionView whole = RegionView.whole(tensor.bytes(), tensor.spec(), Region.WHOLE);
            FrameHeader header =
                    FrameHeader.of(route(attempt, index), request, NO_SEQUENCE, deadlineEpochMillis, Region.WHOLE);
            frames.addAll(TensorFrame.frames(header, whole, frameBytes));
        }
        return frames;
    }

    /** Takes a frame; present is what was wrong with it: a frame was lost, and the rest is of no use. */
    public Optional<Broken> accept(TensorFrame frame) {
        int index = frame.header().route().edge();
        if (index >= assemblers.size()) {
            return Optional.of(new Broken(
                    FrameProblem.WRONG_EDGE, "tensor number " + index + " must be below " + assemblers.size()));
        }
        PieceAssembler.Result result = assemblers.get(index).accept(frame);
        if (result instanceof Complete) {
            missing--;
        }
        return result instanceof Broken broken ? Optional.of(broken) : Optional.empty();
    }

    public boolean isComplete() {
        return missing == 0;
    }

    /**
     * The tensors, once all are there.
     *
     * @throws IllegalStateException when some are not
     */
    public List<Tensor> tensors() {
        if (!isComplete()) {
            throw new IllegalStateException(missing + " of " + tensors.size() + " tensors have not come yet");
        }
        return List.copyOf(tensors);
    }

    /** The attempt that a frame belongs to. */
    public static int attempt(TensorFrame frame) {
        return frame.header().route().lane();
    }

    private static Route route(int attempt, int index) {
        return new Route(NO_EPOCH, attempt, index);
    }
}
