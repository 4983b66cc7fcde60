/** The stores that MetricTemplates name (spec of Flagger, §5.4), each one small class behind {@link dev.linnet.controller.metrics.store.MetricStore}. */
@NullMarked
package dev.linnet.controller.metrics.store;

import org.jspecify.annotations.NullMarked;
