/** The services that people try releases on. */
@NullMarked
package dev.linnet.samples;

import org.jspecify.annotations.NullMarked;
