/** The actor that computes one region of one segment for every request. Start at {@link ShardActor}. */
@NullMarked
package dev.tandem.actors.shard;

import org.jspecify.annotations.NullMarked;
