/**
 * Messages that cross the wire. Control messages implement {@link dev.tandem.actors.protocol.ControlMessage}; tensor
 * data has a format of its own in {@code dev.tandem.actors.transport}.
 */
@NullMarked
package dev.tandem.actors.protocol;

import org.jspecify.annotations.NullMarked;
