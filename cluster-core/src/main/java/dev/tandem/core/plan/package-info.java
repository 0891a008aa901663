/** What runs where: lanes of stages, stages of shards, and the edges between shards. Start at {@link Plan}. */
@NullMarked
package dev.tandem.core.plan;

import org.jspecify.annotations.NullMarked;
