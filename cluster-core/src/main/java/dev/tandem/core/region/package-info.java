/** Half-open ranges over tensor axes, and the arithmetic that every division of a model rests on. Start at {@link Region}. */
@NullMarked
package dev.tandem.core.region;

import org.jspecify.annotations.NullMarked;
