/** What the metrics of a Canary show. */
@NullMarked
package dev.linnet.controller.metrics;

import org.jspecify.annotations.NullMarked;
