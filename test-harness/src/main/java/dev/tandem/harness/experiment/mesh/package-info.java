/**
 * The comparison of DisNet on random meshes: clusters, what is planned on them, and what is written about it. Start at {@link
 * dev.tandem.harness.experiment.mesh.Meshes}.
 */
@NullMarked
package dev.tandem.harness.experiment.mesh;

import org.jspecify.annotations.NullMarked;
