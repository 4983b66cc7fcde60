/** The target, its primary, their Services, scalers and configs, as the API server has them. */
@NullMarked
package dev.linnet.controller.workload;

import org.jspecify.annotations.NullMarked;
