package dev.tandem.inference.codec;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * LZ4 blocks, by the fastest implementation that this machine has; native where there is a library for it. Loaded when it is
 * first used. The decompressor never reads or writes outside of what it is given.
 */
final class Lz4 {

    private static final LZ4Factory FACTORY = LZ4Factory.fastestInstance();

    static final LZ4Compressor COMPRESSOR = FACTORY.fastCompressor();
    static final LZ4SafeDecompressor DECOMPRESSOR = FACTORY.safeDecompressor();

    private Lz4() {}
}
