module pgm-receiver

go 1.19
