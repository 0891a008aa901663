/**
 * How tensors and weights travel between shards. A {@link dev.tandem.core.region.RegionView} names the bytes of a
 * region inside a buffer, a {@link dev.tandem.actors.transport.TensorFrame} carries a bounded part of them, and a
 * {@link dev.tandem.actors.transport.PieceAssembler} puts the frames of one piece together again at the consumer.
 */
@NullMarked
package dev.tandem.actors.transport;

import org.jspecify.annotations.NullMarked;
