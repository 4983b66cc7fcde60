@NullMarked
package dev.linnet.controller.metrics.aws;

import org.jspecify.annotations.NullMarked;
