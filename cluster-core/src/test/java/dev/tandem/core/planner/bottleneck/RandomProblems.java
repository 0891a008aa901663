package dev.tandem.core.planner.bottleneck;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small problems with uneven memory and links, some of them missing; many with equal transfers. */
final class RandomProblems {

    private RandomProblems() {}

    static BottleneckProblem of(long seed, int mostBlocks, int mostNodes) {
        Random random = new Random(seed);
        return new BottleneckProblem(
                chain(random, 1 + random.nextInt(mostBlocks)), mesh(random, 1 + random.nextInt(mostNodes)));
    }

    static BlockChain chain(Random random, int size) {
        List<Block> blocks = new ArrayList<>();
        for (int index = 0; index < size; index++) {
            blocks.add(new Block("block " + index, random.nextInt(40), 1 + random.nextInt(6)));
        }
        MemoryRule[] rules = MemoryRule.values();
        return new BlockChain(blocks, rules[random.nextInt(rules.length)]);
    }

    private static Mesh mesh(Random random, int size) {
        List<MeshNode> nodes = new ArrayList<>();
        for (int index = 0; index < size; index++) {
            nodes.add(new MeshNode("node " + index, 20 + random.nextInt(60)));
        }
        double missing = random.nextInt(3) / 5.0;
        return new Mesh(nodes, (from, to) -> random.nextDouble() < missing ? 0 : 1 + random.nextInt(20));
    }
}
