@NullMarked
package dev.linnet.controller.metrics.store;

import org.jspecify.annotations.NullMarked;
