/** Flagger's objects as values of a release, and the objects that a release makes of its target. */
@NullMarked
package dev.linnet.manifests.flagger;

import org.jspecify.annotations.NullMarked;
