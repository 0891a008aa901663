/** Sending requests and saying how it went. Start at {@link dev.tandem.deploy.load.ClosedLoop}. */
@NullMarked
package dev.tandem.deploy.load;

import org.jspecify.annotations.NullMarked;
