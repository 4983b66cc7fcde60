/** Measurements, and the comparison with other proxies. Not shipped. */
@NullMarked
package dev.linnet.benchmarks;

import org.jspecify.annotations.NullMarked;
