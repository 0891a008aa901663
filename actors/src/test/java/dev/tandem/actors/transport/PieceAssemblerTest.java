package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.transport.FrameHeader.Part;
import dev.tandem.actors.transport.PieceAssembler.Broken;
import dev.tandem.actors.transport.PieceAssembler.Complete;
import dev.tandem.actors.transport.PieceAssembler.Failed;
import dev.tandem.actors.transport.PieceAssembler.Incomplete;
import dev.tandem.actors.transport.TensorFrame.Bytes;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PieceAssemblerTest {

    private static final TensorSpec MAP = new TensorSpec("map", ElementType.FLOAT, List.of(1, 2, 8, 4));
    private static final Region ROWS = Region.rows(2, 6);
    private static final Route ROUTE = new Route(7, 0, 3);

    private final RegionView piece =
            new RegionView(TestPieces.filled(new Random(1), MAP.bytes()), MAP, Region.WHOLE, ROWS);
    private final RegionView target = RegionView.whole(ByteBuffer.allocateDirect((int) ROWS.bytes(MAP)), MAP, ROWS);
    private final PieceAssembler assembler = new PieceAssembler(ROUTE, 5, target);

    private static FrameHeader header(Route route, long sequence, Region region) {
        return FrameHeader.of(route, new RequestId(1, 2), sequence, 0, region);
    }

    private List<TensorFrame> frames() {
        return TensorFrame.frames(header(ROUTE, 5, ROWS), piece, 48);
    }

    private static TensorFrame received(FrameHeader header, Part part) {
        byte[] data = new byte[part.bytes()];
        return new TensorFrame(header.with(part), new Bytes(ByteBuffer.wrap(data), true));
    }

    @Test
    void isCompleteWithTheLastFrame() {
        List<TensorFrame> frames = frames();

        assertThat(frames).hasSize(3);
        assertThat(assembler.accept(frames.get(0))).isEqualTo(Incomplete.INCOMPLETE);
        assertThat(assembler.accept(frames.get(1))).isEqualTo(Incomplete.INCOMPLETE);
        assertThat(assembler.accept(frames.get(2))).isEqualTo(Complete.COMPLETE);
        assertThat(TestPieces.bytes(target)).isEqualTo(TestPieces.bytes(piece));
    }

    @Test
    void takesRegionThatNamesAWholeAxis() {
        TensorSpec small = MAP.withShape(List.of(1, 2, 4, 4));
        RegionView whole = RegionView.whole(ByteBuffer.allocate((int) small.bytes()), small, Region.WHOLE);
        PieceAssembler wholeAssembler = new PieceAssembler(ROUTE, 5, whole);
        TensorFrame frame = received(header(ROUTE, 5, Region.rows(0, 4)), new Part(128, 0, 128));

        assertThat(wholeAssembler.accept(frame)).isEqualTo(Complete.COMPLETE);
    }

    @Test
    void isCompleteWithOneFrameWhenThePieceIsEmpty() {
        TensorSpec nothing = MAP.withShape(List.of(0, 2));
        RegionView empty = RegionView.whole(ByteBuffer.allocate(0), nothing, Region.WHOLE);
        List<TensorFrame> frames = TensorFrame.frames(header(ROUTE, 5, Region.WHOLE), empty, 48);

        assertThat(frames).hasSize(1);
        assertThat(new PieceAssembler(ROUTE, 5, empty).accept(frames.get(0))).isEqualTo(Complete.COMPLETE);
    }

    @Test
    void passesOnWhyAPieceFailed() {
        TensorFrame failed = TensorFrame.failed(header(ROUTE, 5, ROWS), "session ended: ähm");

        assertThat(assembler.accept(failed)).isEqualTo(new Failed("session ended: ähm"));
        assertThat(assembler.accept(frames().get(0))).isInstanceOf(Failed.class);
    }

    @Test
    void tellsFrameThatIsMissing() {
        List<TensorFrame> frames = frames();
        assembler.accept(frames.get(0));

        assertBroken(FrameProblem.OUT_OF_ORDER, frames.get(2), "offset (96) must be 48");
    }

    @Test
    void tellsFrameThatCameBefore() {
        List<TensorFrame> frames = frames();
        assembler.accept(frames.get(0));

        assertBroken(FrameProblem.DUPLICATE, frames.get(0), "offset (0) must be 48");
    }

    @Test
    void staysCompleteWhenAFrameComesAgain() {
        frames().forEach(assembler::accept);

        assertBroken(FrameProblem.DUPLICATE, frames().get(2), "offset (96)");
        assertBroken(FrameProblem.DUPLICATE, frames().get(0), "offset (0)");
    }

    @Test
    void tellsRequestThatIsEarlierOrLater() {
        assertThat(problem(received(header(ROUTE, 6, ROWS), new Part(128, 0, 48))))
                .isEqualTo(FrameProblem.OUT_OF_ORDER);
        assertThat(problem(received(header(ROUTE, 4, ROWS), new Part(128, 0, 48))))
                .isEqualTo(FrameProblem.DUPLICATE);
    }

    @Test
    void tellsFrameOfAnotherEpoch() {
        TensorFrame frame = received(header(new Route(8, 0, 3), 5, ROWS), new Part(128, 0, 48));

        assertBroken(FrameProblem.WRONG_EPOCH, frame, "epoch must be 7");
    }

    @Test
    void tellsFrameOfAnotherEdge() {
        TensorFrame frame = received(header(new Route(7, 0, 4), 5, ROWS), new Part(128, 0, 48));

        assertBroken(FrameProblem.WRONG_EDGE, frame, "edge 3");
    }

    @Test
    void tellsFrameOfAnotherRegionOrSize() {
        assertThat(problem(received(header(ROUTE, 5, Region.rows(0, 4)), new Part(128, 0, 48))))
                .isEqualTo(FrameProblem.WRONG_REGION);
        assertThat(problem(received(header(ROUTE, 5, Region.rows(0, 400)), new Part(128, 0, 48))))
                .isEqualTo(FrameProblem.WRONG_REGION);
        assertThat(problem(received(header(ROUTE, 5, ROWS), new Part(256, 0, 48))))
                .isEqualTo(FrameProblem.WRONG_REGION);
    }

    @Test
    void tellsLocalPieceOfAnotherType() {
        TensorSpec other = new TensorSpec("map", ElementType.INT32, MAP.shape());
        RegionView wrong = new RegionView(piece.buffer().duplicate(), other, Region.WHOLE, ROWS);
        TensorFrame frame =
                TensorFrame.frames(header(ROUTE, 5, ROWS), wrong, 128).get(0);

        assertBroken(FrameProblem.WRONG_REGION, frame, "INT32");
    }

    @Test
    void tellsFrameThatReachesBeyondItsPiece() {
        TensorFrame frame = received(header(ROUTE, 5, ROWS), new Part(128, 96, 48));

        assertBroken(FrameProblem.OVERSIZED, frame, "must not exceed the piece's 128 bytes");
    }

    @Test
    void tellsChangedBytes() {
        FrameHeader header = header(ROUTE, 5, ROWS).with(new Part(128, 0, 48));

        assertBroken(
                FrameProblem.CORRUPT, new TensorFrame(header, new Bytes(ByteBuffer.allocate(48), false)), "checksum");
    }

    @Test
    void tellsPayloadOfAnotherLengthThanItSays() {
        byte[] data = new byte[47];
        FrameHeader header = header(ROUTE, 5, ROWS).with(new Part(128, 0, 48));

        assertBroken(FrameProblem.CORRUPT, new TensorFrame(header, new Bytes(ByteBuffer.wrap(data), true)), "47 bytes");
    }

    private FrameProblem problem(TensorFrame frame) {
        PieceAssembler fresh = new PieceAssembler(ROUTE, 5, target);
        return ((Broken) fresh.accept(frame)).problem();
    }

    private void assertBroken(FrameProblem problem, TensorFrame frame, String message) {
        assertThat(assembler.accept(frame)).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.problem()).isEqualTo(problem);
            assertThat(broken.message()).contains(message);
        });
    }
}
