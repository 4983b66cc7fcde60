/** What the controller shows of itself: Flagger's metrics (spec of Flagger, §8.3) and whether it lives. */
@NullMarked
package dev.linnet.controller.ops;

import org.jspecify.annotations.NullMarked;
