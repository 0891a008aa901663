package dev.tandem.core.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegionExchangeTest {

    private static final TensorSpec MAP = new TensorSpec("map", ElementType.FLOAT, List.of(2, 6, 10, 5));

    @Test
    void sendsEachConsumerExactlyTheOverlap() {
        List<RegionExchange.Piece> pieces = RegionExchange.pieces(
                MAP, List.of(Region.rows(0, 4), Region.rows(4, 10)), List.of(Region.rows(0, 5), Region.rows(3, 10)));

        assertThat(pieces)
                .containsExactly(
                        new RegionExchange.Piece(0, 0, Region.rows(0, 4)),
                        new RegionExchange.Piece(1, 0, Region.rows(4, 5)),
                        new RegionExchange.Piece(0, 1, Region.rows(3, 4)),
                        new RegionExchange.Piece(1, 1, Region.rows(4, 10)));
    }

    @Test
    void crossesRowsWithChannels() {
        Region channels = new Region(Map.of(Axis.CHANNELS, new Interval(2, 6)));

        List<RegionExchange.Piece> pieces =
                RegionExchange.pieces(MAP, List.of(Region.rows(0, 7), Region.rows(7, 10)), List.of(channels));

        assertThat(pieces)
                .extracting(RegionExchange.Piece::region)
                .containsExactly(
                        new Region(Map.of(Axis.CHANNELS, new Interval(2, 6), Axis.ROWS, new Interval(0, 7))),
                        new Region(Map.of(Axis.CHANNELS, new Interval(2, 6), Axis.ROWS, new Interval(7, 10))));
    }

    @Test
    void refusesOverlappingProducers() {
        assertThatThrownBy(() -> RegionExchange.pieces(
                        MAP, List.of(Region.rows(0, 5), Region.rows(4, 10)), List.of(Region.WHOLE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("producers 0 (rows[0,5)) and 1 (rows[4,10)) of tensor 'map' must not overlap");
    }

    @Test
    void refusesConsumerThatNeedsWhatNobodyOwns() {
        assertThatThrownBy(() -> RegionExchange.pieces(MAP, List.of(Region.rows(0, 9)), List.of(Region.WHOLE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("consumer 0 needs 600 elements (whole)")
                .hasMessageContaining("own 540");
    }

    @Test
    void refusesRegionBeyondTheTensor() {
        assertThatThrownBy(() -> RegionExchange.pieces(MAP, List.of(Region.WHOLE), List.of(Region.rows(8, 11))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void reassemblesEveryConsumersRegionFromRandomGridsOfProducers() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            TensorSpec tensor = new TensorSpec(
                    "t",
                    round % 2 == 0 ? ElementType.FLOAT : ElementType.UINT8,
                    List.of(
                            1 + random.nextInt(3),
                            1 + random.nextInt(5),
                            2 + random.nextInt(9),
                            1 + random.nextInt(6)));
            List<Region> producers = grid(tensor, random);
            List<Region> consumers = List.of(box(tensor, random), box(tensor, random), Region.WHOLE);
            ByteBuffer whole = counting(tensor);

            List<RegionExchange.Piece> pieces = RegionExchange.pieces(tensor, producers, consumers);

            for (int consumer = 0; consumer < consumers.size(); consumer++) {
                Region wanted = consumers.get(consumer);
                ByteBuffer assembled = ByteBuffer.allocateDirect(Math.toIntExact(wanted.bytes(tensor)));
                for (RegionExchange.Piece piece : pieces) {
                    if (piece.consumer() == consumer) {
                        Region owned = producers.get(piece.producer());
                        ByteBuffer part = cutOut(tensor, whole, owned);
                        RegionView.copy(
                                new RegionView(part, tensor, owned, piece.region()),
                                new RegionView(assembled, tensor, wanted, piece.region()));
                    }
                }
                assertThat(assembled).as("round %d", round).isEqualTo(cutByIndex(tensor, whole, wanted));
            }
        }
    }

    private static List<Region> grid(TensorSpec tensor, Random random) {
        int channels = tensor.shape().get(1);
        int channelCut = random.nextInt(channels + 1);
        int rowCut = 1 + random.nextInt(tensor.rows() - 1);
        List<Region> cells = new ArrayList<>();
        for (Interval rows : List.of(new Interval(0, rowCut), new Interval(rowCut, tensor.rows()))) {
            for (Interval range : List.of(new Interval(0, channelCut), new Interval(channelCut, channels))) {
                if (!range.isEmpty()) {
                    cells.add(new Region(Map.of(Axis.ROWS, rows, Axis.CHANNELS, range)));
                }
            }
        }
        return cells;
    }

    private static Region box(TensorSpec tensor, Random random) {
        Map<Axis, Interval> ranges = new EnumMap<>(Axis.class);
        for (Axis axis : Axis.values()) {
            int extent = tensor.shape().get(axis.dimension());
            int from = random.nextInt(extent);
            if (random.nextBoolean()) {
                ranges.put(axis, new Interval(from, from + 1 + random.nextInt(extent - from)));
            }
        }
        return new Region(ranges);
    }

    private static ByteBuffer counting(TensorSpec tensor) {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(tensor.bytes()));
        for (int index = 0; index < buffer.capacity(); index++) {
            buffer.put(index, (byte) (index * 31 + index / 251));
        }
        return buffer;
    }

    private static ByteBuffer cutOut(TensorSpec tensor, ByteBuffer whole, Region region) {
        ByteBuffer part = ByteBuffer.allocate(Math.toIntExact(region.bytes(tensor)));
        RegionView.copy(new RegionView(whole, tensor, Region.WHOLE, region), RegionView.whole(part, tensor, region));
        return part;
    }

    private static ByteBuffer cutByIndex(TensorSpec tensor, ByteBuffer whole, Region region) {
        List<Interval> box = region.ranges(tensor);
        List<Integer> shape = tensor.shape();
        int bytes = tensor.type().bytes();
        ByteBuffer part = ByteBuffer.allocate(Math.toIntExact(region.bytes(tensor)));
        for (int n = box.get(0).from(); n < box.get(0).to(); n++) {
            for (int c = box.get(1).from(); c < box.get(1).to(); c++) {
                for (int h = box.get(2).from(); h < box.get(2).to(); h++) {
                    for (int w = box.get(3).from(); w < box.get(3).to(); w++) {
                        int element = ((n * shape.get(1) + c) * shape.get(2) + h) * shape.get(3) + w;
                        part.put(whole.slice(element * bytes, bytes));
                    }
                }
            }
        }
        return part.flip();
    }
}
