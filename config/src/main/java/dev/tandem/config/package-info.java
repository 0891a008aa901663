/** Typed settings read from HOCON: every key, its default, its unit, and all problems of a file reported at once. */
@NullMarked
package dev.tandem.config;

import org.jspecify.annotations.NullMarked;
