@NullMarked
package dev.linnet.controller.ops;

import org.jspecify.annotations.NullMarked;
