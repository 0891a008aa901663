package dev.tandem.core.planner.bottleneck;

import java.util.List;

/**
 * Blocks in the order of their execution. A piece is the blocks {@code [from, to)}; a cut at {@code p} separates block
 * {@code p - 1} from block {@code p}. Immutable.
 */
public final class BlockChain {

    private final List<Block> blocks;
    private final MemoryRule rule;
    /** Memory of all blocks before a position. */
    private final long[] memoryBefore;

    /** @throws IllegalArgumentException without any block */
    public BlockChain(List<Block> blocks, MemoryRule rule) {
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("a chain must have at least one block.");
        }
        this.blocks = List.copyOf(blocks);
        this.rule = rule;
        memoryBefore = new long[blocks.size() + 1];
        for (int index = 0; index < blocks.size(); index++) {
            memoryBefore[index + 1] = memoryBefore[index] + blocks.get(index).memoryBytes();
        }
    }

    /** The blocks, in order. */
    public List<Block> blocks() {
        return blocks;
    }

    /** How many blocks. */
    public int size() {
        return blocks.size();
    }

    /** Memory of the piece {@code [from, to)} in bytes. */
    public long memoryBytes(int from, int to) {
        int counted = rule == MemoryRule.ALL_BLOCKS ? from : from + 1;
        return counted >= to ? 0 : memoryBefore[to] - memoryBefore[counted];
    }

    /** What travels over a cut at {@code 0 < cut < size()}, in bytes. */
    public double transferBytes(int cut) {
        return blocks.get(cut - 1).transferBytes();
    }

    /** The furthest end of a piece from a position within so much memory; the position itself when no block fits. */
    public int furthest(int from, long capacityBytes) {
        int low = from;
        int high = size();
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (memoryBytes(from, middle) <= capacityBytes) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
