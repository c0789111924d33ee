import { test } from 'node:test';
import './cpu-backend.ts';
import { assertGradients } from './transformer-gradients.ts';

test('vit-mini has the loss and the gradients that PyTorch finds', () => assertGradients('vit'));

test('a Swin with shifted, padded and shrunken windows has the loss and the gradients that PyTorch finds', () => assertGradients('swin'));
